package dev.cxr.models.bundle;

import com.google.gson.JsonParseException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import dev.cxr.data.index.Task;
import dev.cxr.models.composition.ModelSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A model bundle, opened and checked.
 *
 * <p>A bundle is data: nothing in it is executed, and no jar in its folder is opened.
 *
 * @since 0.1
 */
public final class Bundle {

  static final String MANIFEST = "bundle.json";

  /** A synthetic image, at the size of the input. */
  public static final String REFERENCE_IMAGE = "golden.png";

  static final String REFERENCE_PREDICTION = "golden.json";
  static final String INT8_MODEL = "int8.onnx";
  static final String INT8_PREDICTION = "golden-int8.json";
  static final String SYNSET = "synset.txt";
  static final String SERVING_PROPERTIES = "serving.properties";
  static final String HISTORY = "history.csv";
  static final String MODEL_CARD = "MODEL_CARD.md";

  /**
   * The files of every bundle besides the checksums and the parameters, which are named by epoch.
   */
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
  private static final int ID_LENGTH = 12;

  private final Path folder;
  private final Manifest manifest;
  private final String id;
  private final Set<String> files;

  private Bundle(Path folder, Manifest manifest, String id, Set<String> files) {
    this.folder = folder;
    this.manifest = manifest;
    this.id = id;
    this.files = Set.copyOf(files);
  }

  /**
   * Opens a bundle and checks every file against its checksum.
   *
   * @param folder the bundle
   * @return the bundle, whose model is not loaded yet
   * @throws UserErrorException if the folder is not a bundle, is damaged, has a format that this
   *     version cannot read, or names an architecture that is not on the class path
   * @throws IOException if it cannot be read
   */
  public static Bundle open(Path folder) throws IOException {
    Path file = folder.resolve(MANIFEST);
    if (!Files.isRegularFile(file)) {
      throw invalidBundle(
          folder,
          Files.isDirectory(folder) ? "no " + MANIFEST + " in it" : "no folder there",
          "Give the bundle folder that training printed last.");
    }
    Set<String> files;
    try {
      files = ChecksumFile.check(folder, REQUIRED_FILES);
    } catch (IllegalArgumentException e) {
      throw invalidBundle(
          folder, String.valueOf(e.getMessage()), "Copy the bundle again, or train it again.");
    }
    Manifest manifest = readManifest(folder, file, files);
    files.add(ChecksumFile.FILE);
    return new Bundle(folder, manifest, id(folder), files);
  }

  /**
   * Reads what lists of bundles show. The weights are neither read nor checked, and the
   * architecture need not be on the class path.
   *
   * @param folder the bundle
   * @return id and contents of {@code bundle.json}
   * @throws UserErrorException if the folder is not a bundle, or has a format that this version
   *     cannot read
   * @throws IOException if it cannot be read
   */
  public static Summary summary(Path folder) throws IOException {
    Path file = folder.resolve(MANIFEST);
    if (!Files.isRegularFile(file) || !ChecksumFile.isReadable(folder)) {
      throw invalidBundle(
          folder,
          "no %s, or no %s".formatted(MANIFEST, ChecksumFile.FILE),
          "Copy the bundle again, or train it again.");
    }
    try {
      return new Summary(id(folder), parseManifest(file));
    } catch (JsonParseException | IllegalStateException | CharacterCodingException e) {
      throw invalidManifest(folder, e);
    }
  }

  /**
   * What identifies and describes a bundle.
   *
   * @param id 12 hex digits that identify all bytes of the bundle
   * @param manifest the contents of {@code bundle.json}
   */
  public record Summary(String id, Manifest manifest) {}

  private static String id(Path folder) throws IOException {
    return Sha256.hex(folder.resolve(ChecksumFile.FILE)).substring(0, ID_LENGTH);
  }

  private static Manifest parseManifest(Path file) throws IOException {
    if (Files.size(file) > MAX_MANIFEST_BYTES) {
      throw new JsonParseException("more than 1 MiB");
    }
    return Manifest.fromJson(Files.readString(file));
  }

  private static Manifest readManifest(Path folder, Path file, Set<String> files)
      throws IOException {
    try {
      Manifest manifest = parseManifest(file);
      require(manifest.name().matches("[a-z0-9-]{1,64}"), "the name", manifest.name());
      require(
          model(folder, manifest).supports(manifest.task()),
          "the architecture",
          manifest.architecture());
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
          files.contains(manifest.parametersFile()),
          "parameters that " + ChecksumFile.FILE + " does not list:",
          manifest.parametersFile());
      require(
          manifest.quantization() == null || files.containsAll(Set.of(INT8_MODEL, INT8_PREDICTION)),
          "a quantization whose files " + ChecksumFile.FILE + " does not list:",
          INT8_MODEL);
      return manifest;
    } catch (JsonParseException
        | IllegalArgumentException
        | IllegalStateException
        | CharacterCodingException e) {
      throw invalidManifest(folder, e);
    }
  }

  private static UserErrorException invalidManifest(Path folder, Exception problem) {
    return invalidBundle(
        folder,
        MANIFEST + " with " + problem.getMessage(),
        "Use the version of cxr that wrote it, or a newer one.");
  }

  private static ModelSpec model(Path folder, Manifest manifest) {
    String architecture = manifest.architecture();
    try {
      return ModelSpec.parse(architecture);
    } catch (UserErrorException e) {
      int end = Math.min(architecture.length(), ModelSpec.MAX_LENGTH);
      throw invalidBundle(
          folder,
          "the architecture '%s', which is unknown here".formatted(architecture.substring(0, end)),
          "If it is a custom architecture, put the jar that provides it on the class path;"
              + " otherwise use the version of cxr that wrote the bundle.");
    }
  }

  private static void require(boolean condition, String what, Object found) {
    if (!condition) {
      throw new JsonParseException(what + " " + found);
    }
  }

  private static UserErrorException invalidBundle(Path folder, String found, String advice) {
    return UserErrorException.of(
        "a model bundle of format version %d or %d at %s"
            .formatted(ManifestFormat1.VERSION, Manifest.FORMAT_VERSION, folder),
        found,
        advice);
  }

  /** {@return the folder} */
  public Path folder() {
    return folder;
  }

  /** {@return the contents of {@code bundle.json}} */
  public Manifest manifest() {
    return manifest;
  }

  /**
   * {@return the int8 variant as an ONNX file, from images to logits, in a direct buffer}
   *
   * @throws UserErrorException if the bundle has none
   * @throws IOException if it cannot be read
   */
  public ByteBuffer int8Model() throws IOException {
    if (manifest.quantization() == null) {
      throw UserErrorException.of(
          "a bundle with an int8 variant",
          "none in " + folder,
          "Make one with `cxr quantize`, or omit --precision.");
    }
    try (FileChannel file = FileChannel.open(folder.resolve(INT8_MODEL))) {
      return file.map(FileChannel.MapMode.READ_ONLY, 0, file.size());
    }
  }

  /** {@return the names of its files: the checksums, and every file that they cover} */
  public Set<String> files() {
    return files;
  }

  /** {@return 12 hex digits that identify all bytes of the bundle} */
  public String id() {
    return id;
  }
}
