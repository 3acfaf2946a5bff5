package dev.cxr.models.bundle;

import com.google.gson.JsonParseException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import dev.cxr.data.index.Task;
import dev.cxr.models.composition.Composition;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model bundle that was opened and checked.
 *
 * <p>A bundle is data only: nothing in it is executed, and no jar in its folder is opened.
 */
public final class Bundle {

  static final String MANIFEST = "bundle.json";
  static final String GOLDEN_PICTURE = "golden.png";
  static final String GOLDEN_ANSWER = "golden.json";
  static final String CLASSES = "synset.txt";
  static final String SERVING = "serving.properties";
  static final String HISTORY = "history.csv";
  static final String CARD = "MODEL_CARD.md";

  /** What every bundle holds besides the sums and the parameters, whose file is named by epoch. */
  static final List<String> FILES =
      List.of(MANIFEST, GOLDEN_PICTURE, GOLDEN_ANSWER, CLASSES, SERVING, HISTORY, CARD);

  private static final int LARGEST_MANIFEST = 1 << 20;

  private final Path folder;
  private final Manifest manifest;
  private final String id;

  private Bundle(Path folder, Manifest manifest, String id) {
    this.folder = folder;
    this.manifest = manifest;
    this.id = id;
  }

  /**
   * Opens a bundle and checks every file against its checksum.
   *
   * @throws UserErrorException if the folder is no bundle, is damaged, or has a format this version
   *     cannot read
   * @throws IOException if it cannot be read
   */
  public static Bundle open(Path folder) throws IOException {
    Path file = folder.resolve(MANIFEST);
    if (!Files.isRegularFile(file)) {
      throw refusal(
          folder,
          Files.isDirectory(folder) ? "no " + MANIFEST + " in it" : "no folder there",
          "Give the bundle folder that training printed at its end.");
    }
    Optional<String> trouble = Sums.trouble(folder);
    if (trouble.isPresent()) {
      throw refusal(folder, trouble.get(), "Take a fresh copy of the bundle or train it again.");
    }
    Manifest manifest = readManifest(folder, file);
    return new Bundle(folder, manifest, Sha256.hex(folder.resolve(Sums.FILE)).substring(0, 12));
  }

  private static Manifest readManifest(Path folder, Path file) throws IOException {
    try {
      if (Files.size(file) > LARGEST_MANIFEST) {
        throw new JsonParseException("more than 1 MiB of it");
      }
      Manifest manifest = Manifest.fromJson(Files.readString(file));
      require(manifest.name().matches("[a-z0-9-]{1,64}"), "the name", manifest.name());
      require(answers(manifest), "the architecture", manifest.architecture());
      require(manifest.resize().equals(Manifest.RESIZE), "the resize rule", manifest.resize());
      Task task = manifest.task();
      require(manifest.classes().equals(task.classes()), "the classes", manifest.classes());
      require(
          manifest.positiveClass().equals(task.positiveClass()),
          "the positive class",
          manifest.positiveClass());
      double threshold = manifest.threshold().value();
      require(threshold >= 0 && threshold <= 1, "the threshold", threshold);
      double temperature = manifest.temperature();
      require(temperature > 0 && Double.isFinite(temperature), "the temperature", temperature);
      require(
          Sums.cover(folder, manifest.parametersFile()),
          "parameters that " + Sums.FILE + " does not list:",
          manifest.parametersFile());
      return manifest;
    } catch (JsonParseException
        | IllegalArgumentException
        | IllegalStateException
        | CharacterCodingException e) {
      throw refusal(
          folder,
          "a " + MANIFEST + " that says otherwise: " + e.getMessage(),
          "Use the version of cxr that wrote it, or a newer one.");
    }
  }

  private static boolean answers(Manifest manifest) {
    try {
      return Composition.named(manifest.architecture()).answers(manifest.task());
    } catch (UserErrorException unknown) {
      return false;
    }
  }

  private static void require(boolean holds, String what, Object found) {
    if (!holds) {
      throw new JsonParseException(what + " " + found);
    }
  }

  private static UserErrorException refusal(Path folder, String found, String remedy) {
    return UserErrorException.of(
        "a model bundle of format version " + Manifest.FORMAT_VERSION + " at " + folder,
        found,
        remedy);
  }

  /** Where it lies. */
  public Path folder() {
    return folder;
  }

  /** What it says of itself. */
  public Manifest manifest() {
    return manifest;
  }

  /** Identifies all its bytes: 12 hex digits. */
  public String id() {
    return id;
  }
}
