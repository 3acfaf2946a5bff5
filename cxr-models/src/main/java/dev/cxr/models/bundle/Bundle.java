package dev.cxr.models.bundle;

import com.google.gson.JsonParseException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import dev.cxr.data.index.Task;
import dev.cxr.models.composition.ModelSpec;
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
  static final String REFERENCE_IMAGE = "golden.png";
  static final String REFERENCE_PREDICTION = "golden.json";
  static final String SYNSET = "synset.txt";
  static final String SERVING_PROPERTIES = "serving.properties";
  static final String HISTORY = "history.csv";
  static final String MODEL_CARD = "MODEL_CARD.md";

  /** What every bundle holds besides the sums and the parameters, whose file is named by epoch. */
  static final List<String> REQUIRED_FILES =
      List.of(
          MANIFEST,
          REFERENCE_IMAGE,
          REFERENCE_PREDICTION,
          SYNSET,
          SERVING_PROPERTIES,
          HISTORY,
          MODEL_CARD);

  private static final int MAX_MANIFEST_BYTES = 1 << 20;

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
      throw invalidBundle(
          folder,
          Files.isDirectory(folder) ? "no " + MANIFEST + " in it" : "no folder there",
          "Give the bundle folder that training printed at its end.");
    }
    Optional<String> problem = ChecksumFile.findProblem(folder);
    if (problem.isPresent()) {
      throw invalidBundle(
          folder, problem.get(), "Take a fresh copy of the bundle or train it again.");
    }
    Manifest manifest = readManifest(folder, file);
    return new Bundle(
        folder, manifest, Sha256.hex(folder.resolve(ChecksumFile.FILE)).substring(0, 12));
  }

  private static Manifest readManifest(Path folder, Path file) throws IOException {
    try {
      if (Files.size(file) > MAX_MANIFEST_BYTES) {
        throw new JsonParseException("more than 1 MiB of it");
      }
      Manifest manifest = Manifest.fromJson(Files.readString(file));
      require(manifest.name().matches("[a-z0-9-]{1,64}"), "the name", manifest.name());
      require(supportsTask(manifest), "the architecture", manifest.architecture());
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
          ChecksumFile.covers(folder, manifest.parametersFile()),
          "parameters that " + ChecksumFile.FILE + " does not list:",
          manifest.parametersFile());
      return manifest;
    } catch (JsonParseException
        | IllegalArgumentException
        | IllegalStateException
        | CharacterCodingException e) {
      throw invalidBundle(
          folder,
          "a " + MANIFEST + " that says otherwise: " + e.getMessage(),
          "Use the version of cxr that wrote it, or a newer one.");
    }
  }

  private static boolean supportsTask(Manifest manifest) {
    try {
      return ModelSpec.parse(manifest.architecture()).supports(manifest.task());
    } catch (UserErrorException unknown) {
      return false;
    }
  }

  private static void require(boolean condition, String what, Object found) {
    if (!condition) {
      throw new JsonParseException(what + " " + found);
    }
  }

  private static UserErrorException invalidBundle(Path folder, String found, String advice) {
    return UserErrorException.of(
        "a model bundle of format version " + Manifest.FORMAT_VERSION + " at " + folder,
        found,
        advice);
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
