package dev.cxr.train.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.annotations.SerializedName;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.common.files.FileLock;
import dev.cxr.common.files.FileTree;
import dev.cxr.train.loop.CheckpointFolder;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.function.IOSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a run, locked for one process while it is open.
 *
 * <pre>
 * RUN/recipe.yaml    the resolved recipe
 * RUN/run.json       dataset and number of seeds
 * RUN/checkpoints/   the last two, until the run is complete
 * RUN/history.csv    one row per epoch
 * RUN/run.log        times and memory, which differ from run to run
 * RUN/tensorboard/   event files
 * RUN/curves.png     charts of the history, once the run is complete
 * RUN/report.html    and report.json, once the run is complete
 * RUN/bundle/        the model bundle, once the run is complete
 * </pre>
 */
public final class RunFolder implements AutoCloseable {

  /** Name of the folder's model bundle. */
  public static final String BUNDLE = "bundle";

  private static final String RECIPE = "recipe.yaml";
  private static final String REQUEST = "run.json";
  private static final long MAX_REQUEST_BYTES = 1 << 20;
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private final Path path;
  private final FileLock lock;

  /**
   * Locks a run folder until it is closed.
   *
   * @throws UserErrorException if a process has locked it
   */
  RunFolder(Path path) throws IOException {
    this.path = path;
    lock = FileLock.acquire(path.resolve(BUNDLE));
  }

  /**
   * What a run was started with, besides its recipe.
   *
   * @param source of the images
   * @param seeds with more than one it is a folder of runs
   * @param fingerprint of training and validation images; empty for a folder of runs
   */
  public record RunRequest(
      DatasetLocation source,
      int seeds,
      @SerializedName(value = "fingerprint", alternate = "pictures") String fingerprint) {

    /** Gson leaves null where a key is missing. */
    private boolean hasAllFields() {
      return source != null && source.data() != null && fingerprint != null;
    }
  }

  /**
   * Creates a run folder with its recipe and request.
   *
   * @param target the run folder
   * @param recipe the recipe
   * @param request what else the run is started with
   * @throws UserErrorException if the folder exists
   * @throws IOException if a file cannot be read or written
   */
  public static void create(Path target, Recipes.ResolvedRecipe recipe, RunRequest request)
      throws IOException {
    try (AtomicFolder folder = AtomicFolder.create(target)) {
      initialize(folder.path(), recipe, request);
      folder.commit();
    }
  }

  /**
   * Creates a folder of runs and trains in it. If it fails before the first of them begins, the
   * folder is deleted.
   *
   * @param target the run folder
   * @param recipe the recipe
   * @param request what else the run is started with
   * @param training trains in the folder
   * @param <T> type of the result
   * @return the result of the training
   * @throws UserErrorException if the folder exists, or the dataset does not fit the recipe
   * @throws IOException if a file cannot be read or written
   */
  public static <T> T create(
      Path target, Recipes.ResolvedRecipe recipe, RunRequest request, IOSupplier<T> training)
      throws IOException {
    List<Path> missingParents = FileTree.missingParents(target);
    create(target, recipe, request);
    try {
      return training.get();
    } catch (UserErrorException | IOException e) {
      if (!hasInnerRun(target)) {
        FileTree.delete(target);
        FileTree.deleteEmpty(missingParents);
      }
      throw e;
    }
  }

  private static boolean hasInnerRun(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.anyMatch(Files::isDirectory);
    }
  }

  /** Writes what resuming needs into an empty folder. */
  static void initialize(Path folder, Recipes.ResolvedRecipe recipe, RunRequest request)
      throws IOException {
    Files.writeString(folder.resolve(RECIPE), Recipes.toYaml(recipe));
    Files.writeString(folder.resolve(REQUEST), GSON.toJson(request) + "\n");
  }

  /**
   * Reads what a run was started with.
   *
   * @param folder the run folder
   * @return dataset, seeds and fingerprint
   * @throws UserErrorException if the folder is not a run folder
   * @throws IOException if a file cannot be read or written
   */
  public static RunRequest readRequest(Path folder) throws IOException {
    Path file = folder.resolve(REQUEST);
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_REQUEST_BYTES) {
      throw notARun(folder);
    }
    try {
      RunRequest request = GSON.fromJson(Files.readString(file), RunRequest.class);
      if (request != null && request.hasAllFields()) {
        return request;
      }
    } catch (JsonParseException e) {
      throw damaged(file, e.getMessage());
    }
    throw damaged(file, "a key is missing");
  }

  private static UserErrorException notARun(Path folder) {
    return UsageErrorException.of(
        "a run folder, with %s and %s".formatted(RECIPE, REQUEST),
        folder.toString(),
        "Name a folder that `train` has created.");
  }

  private static UserErrorException damaged(Path file, @Nullable String problem) {
    return UserErrorException.of(
        "%s as `train` wrote it".formatted(REQUEST),
        "a changed one, %s: %s".formatted(file, problem),
        "Restore it.");
  }

  /**
   * The recipe of the run in a folder.
   *
   * @param folder the run folder
   * @return the resolved recipe
   * @throws UserErrorException if the folder is not a run folder, or its recipe is invalid
   * @throws IOException if a file cannot be read or written
   */
  public static Recipes.ResolvedRecipe readRecipe(Path folder) throws IOException {
    return Recipes.read(recipeFile(folder).toString(), Map.of());
  }

  /**
   * The file of the recipe of the run in a folder.
   *
   * @param folder the run folder
   * @return its path, for {@link Recipes}
   * @throws UserErrorException if the folder is not a run folder
   */
  public static Path recipeFile(Path folder) {
    Path file = folder.resolve(RECIPE);
    if (!Files.isRegularFile(file)) {
      throw notARun(folder);
    }
    return file;
  }

  /**
   * Whether the run in a folder has its bundle.
   *
   * @param folder the run folder
   * @return true once the bundle is there
   */
  public static boolean isComplete(Path folder) {
    return Files.isDirectory(folder.resolve(BUNDLE));
  }

  /**
   * When a run folder was made.
   *
   * @param folder the run folder
   * @return the modification time of the file that is never written again
   * @throws IOException if it cannot be read
   */
  public static Instant created(Path folder) throws IOException {
    return Files.getLastModifiedTime(folder.resolve(REQUEST)).toInstant();
  }

  /**
   * Whether {@code train} has begun a run in a folder.
   *
   * @param folder the folder
   * @return true with its request, whether or not that can be read
   */
  public static boolean isRun(Path folder) {
    return Files.exists(folder.resolve(REQUEST));
  }

  /**
   * Whether a process is training the run in a folder.
   *
   * @param folder the run folder
   * @return true while it is locked
   * @throws IOException if the lock cannot be read
   */
  public static boolean isRunning(Path folder) throws IOException {
    return FileLock.isHeld(folder.resolve(BUNDLE));
  }

  Path path() {
    return path;
  }

  static CheckpointFolder checkpoints(Path run) {
    return new CheckpointFolder(run.resolve("checkpoints"));
  }

  /** Writes the bundle, which appears once it is complete. */
  void writeBundle(AtomicFile.Content bundle) throws IOException {
    deleteUnfinished();
    try (AtomicFolder folder = AtomicFolder.create(path.resolve(BUNDLE))) {
      bundle.writeTo(folder.path());
      folder.commit();
    }
  }

  /** Deletes the leftovers of killed processes; the lock excludes any other process. */
  private void deleteUnfinished() throws IOException {
    List<Path> unfinished;
    try (Stream<Path> list = Files.list(path)) {
      unfinished =
          list.filter(child -> child.getFileName().toString().contains(".unfinished")).toList();
    }
    unfinished.forEach(FileTree::delete);
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
