package dev.cxr.train.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.train.learner.Learner;
import dev.cxr.train.loop.TrainingState;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a run, which one process at a time may go on with.
 *
 * <pre>
 * RUN/recipe.yaml    the resolved recipe
 * RUN/run.json       where the pictures come from, and how many seeds
 * RUN/checkpoints/   the last two, until the run is complete
 * RUN/history.csv    one row an epoch
 * RUN/run.log        times and memory, which differ from run to run
 * RUN/tensorboard/   the same and more, for TensorBoard
 * RUN/curves.png     the history as a picture, once the run is complete
 * RUN/bundle/        the model bundle, once the run is complete
 * </pre>
 */
public final class RunFolder implements AutoCloseable {

  public static final String BUNDLE = "bundle";
  public static final String HISTORY = "history.csv";
  static final String LOG = "run.log";
  public static final String CURVES = "curves.png";

  private static final String RECIPE = "recipe.yaml";
  private static final String REQUEST = "run.json";
  private static final String LOCK = ".lock";
  private static final String CHECKPOINTS = "checkpoints";
  private static final int KEPT_CHECKPOINTS = 2;
  private static final long MAX_REQUEST_BYTES = 1 << 20;
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private final Path path;
  private final FileChannel lock;

  private RunFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * What a run was told, the recipe apart.
   *
   * @param source where the pictures come from
   * @param seeds how many: with more than one it is a folder of runs
   * @param pictures identifies those that are learned from and judged by; empty for a folder of
   *     runs
   */
  public record RunRequest(DatasetLocation source, int seeds, String pictures) {

    /** Gson leaves null where something is missing. */
    boolean hasAllFields() {
      return source != null && source.data() != null && pictures != null;
    }
  }

  /** Fills a folder that is about to appear with what resuming needs. */
  static void initialize(Path folder, Recipes.ResolvedRecipe recipe, RunRequest request)
      throws IOException {
    Files.writeString(folder.resolve(RECIPE), Recipes.toYaml(recipe));
    Files.writeString(folder.resolve(REQUEST), GSON.toJson(request) + "\n");
  }

  /**
   * Takes a run folder until it is closed.
   *
   * @throws UserErrorException if another process has it
   */
  static RunFolder open(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock acquired = null;
    try {
      acquired = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      acquired = null; // this process has it
    } finally {
      if (acquired == null) {
        channel.close();
      }
    }
    if (acquired == null) {
      throw UserErrorException.of(
          "a run that no process is at work on",
          "that one is at work on " + path,
          "Wait until it has ended.");
    }
    return new RunFolder(path, channel);
  }

  /**
   * What the run in a folder was told.
   *
   * @throws UserErrorException if there is none
   */
  public static RunRequest readRequest(Path folder) throws IOException {
    Path file = folder.resolve(REQUEST);
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_REQUEST_BYTES) {
      throw UserErrorException.ofUsage(
          "a run folder, with %s and %s".formatted(RECIPE, REQUEST),
          folder.toString(),
          "Name one that `train` has made.");
    }
    try {
      RunRequest request = GSON.fromJson(Files.readString(file), RunRequest.class);
      if (request != null && request.hasAllFields()) {
        return request;
      }
    } catch (JsonParseException e) {
      throw damaged(file, e.getMessage());
    }
    throw damaged(file, "something is missing");
  }

  private static UserErrorException damaged(Path file, @Nullable String problem) {
    return UserErrorException.of(
        "the file that `train` wrote",
        "another one, %s: %s".formatted(file, problem),
        "Put it back.");
  }

  /** The recipe of the run in a folder. */
  static Recipes.ResolvedRecipe readRecipe(Path folder) throws IOException {
    return Recipes.read(folder.resolve(RECIPE).toString(), Map.of());
  }

  /** Whether the run in a folder has come to its end. */
  public static boolean isComplete(Path folder) {
    return Files.isDirectory(folder.resolve(BUNDLE));
  }

  /** Whether anything was saved of the run in a folder. */
  static boolean hasCheckpoints(Path folder) throws IOException {
    return !checkpoints(folder).isEmpty();
  }

  Path path() {
    return path;
  }

  Path resolve(String file) {
    return path.resolve(file);
  }

  /** Saves the learner, and then removes all checkpoints but the last two. */
  void save(Learner learner, TrainingState state) throws IOException {
    Path folder = Files.createDirectories(path.resolve(CHECKPOINTS));
    learner.save(folder.resolve(checkpointName(state)), state.toJson());
    for (Path old : checkpoints().stream().skip(KEPT_CHECKPOINTS).toList()) {
      Files.delete(old);
    }
  }

  /** The file name of the checkpoint of where a training stands. */
  static String checkpointName(TrainingState state) {
    return String.format(Locale.ROOT, "%05d-%06d.ckpt", state.epoch(), state.batch());
  }

  /** The newest first; other files that a killed process has left are removed. */
  private List<Path> checkpoints() throws IOException {
    Path folder = path.resolve(CHECKPOINTS);
    if (Files.isDirectory(folder)) {
      List<Path> unfinished;
      try (Stream<Path> list = Files.list(folder)) {
        unfinished = list.filter(RunFolder::isHidden).toList();
      }
      for (Path file : unfinished) {
        Files.delete(file);
      }
    }
    return checkpoints(path);
  }

  private static List<Path> checkpoints(Path run) throws IOException {
    Path folder = run.resolve(CHECKPOINTS);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(file -> !isHidden(file))
          .filter(Files::isRegularFile)
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }

  private static boolean isHidden(Path file) {
    return file.getFileName().toString().startsWith(".");
  }

  /**
   * Has the learner stand where it was last saved; a checkpoint that is damaged gives way to the
   * one before.
   *
   * @return empty if nothing was saved yet
   * @throws UserErrorException if no checkpoint can be used
   */
  Optional<TrainingState> restore(Learner learner) throws IOException {
    @Nullable UserErrorException firstError = null;
    for (Path checkpoint : checkpoints()) {
      try {
        return Optional.of(TrainingState.fromJson(learner.restore(checkpoint)));
      } catch (UserErrorException refusal) {
        System.out.println("Note: " + refusal.getMessage());
        firstError = firstError == null ? refusal : firstError;
      }
    }
    if (firstError != null) {
      throw firstError;
    }
    return Optional.empty();
  }

  /** Replaces a small text file; also while the process is on its way out. */
  void write(String file, String text) throws IOException {
    Path temporary = path.resolve("." + file + ".unfinished");
    Files.writeString(temporary, text);
    AtomicFile.moveIntoPlace(temporary, path.resolve(file));
  }

  /** The bundle's folder, to fill. */
  AtomicFolder newBundle() throws IOException {
    deleteUnfinished();
    return AtomicFolder.create(path.resolve(BUNDLE));
  }

  /** What processes that were killed have left: nobody else is at work here. */
  private void deleteUnfinished() throws IOException {
    List<Path> unfinished;
    try (Stream<Path> list = Files.list(path)) {
      unfinished =
          list.filter(child -> child.getFileName().toString().contains(".unfinished")).toList();
    }
    for (Path root : unfinished) {
      List<Path> all;
      try (Stream<Path> walk = Files.walk(root)) {
        all = walk.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path each : all) {
        Files.delete(each);
      }
    }
  }

  /** Removes what only an unfinished run needs. */
  void deleteCheckpoints() throws IOException {
    for (Path checkpoint : checkpoints()) {
      Files.delete(checkpoint);
    }
    Files.deleteIfExists(path.resolve(CHECKPOINTS));
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
