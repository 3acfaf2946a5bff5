package dev.cxr.models.onnx;

import ai.onnxruntime.OrtEnvironment;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.command.ErrorFormatter;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.common.files.PrivateFolder;
import dev.cxr.common.runtime.EngineDefaults;
import dev.cxr.common.runtime.EngineFolder;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The native libraries of ONNX Runtime, unpacked once into a folder that no other user can write.
 * By itself it unpacks them into the temporary directory at every start.
 */
final class OnnxLibraries {

  /** The system property that names the folder. */
  private static final String PROPERTY = "onnxruntime.native.path";

  private static final String CORE = System.mapLibraryName("onnxruntime");

  /** Binds the core to Java. */
  private static final String BINDING = System.mapLibraryName("onnxruntime4j_jni");

  private static final String ALTERNATIVE =
      "Choose another folder with --cache-dir or the variable ENGINE_CACHE_DIR.";

  private OnnxLibraries() {}

  /**
   * Unpacks the libraries where they are missing. A folder in the system property is left as it is.
   *
   * @throws UserErrorException if the folder cannot be written, or others can write it
   */
  static synchronized void prepare() {
    if (System.getProperty(PROPERTY) != null) {
      return;
    }
    EngineDefaults.prepare();
    URL core = packed(CORE);
    URL binding = packed(BINDING);
    if (core == null || binding == null) {
      return; // ONNX Runtime names the platforms that it has
    }
    Path folder = EngineFolder.path().resolve("onnxruntime");
    try {
      folder = folder.resolve(checksum(core));
      unpack(core, folder.resolve(CORE));
      unpack(binding, folder.resolve(BINDING));
      PrivateFolder.require(folder, ALTERNATIVE);
    } catch (IOException e) {
      throw UserErrorException.of(
          "a folder for ONNX Runtime's libraries, executable, and writable with 30 MiB free",
          "%s: %s".formatted(folder, ErrorFormatter.format(e)),
          ALTERNATIVE);
    }
    System.setProperty(PROPERTY, folder.toString());
  }

  private static @Nullable URL packed(String library) {
    return OrtEnvironment.class.getResource("native/%s/%s".formatted(platform(), library));
  }

  /** Different versions have folders of their own. */
  private static String checksum(URL packed) throws IOException {
    JarURLConnection connection = (JarURLConnection) packed.openConnection();
    return "%08x".formatted(connection.getJarEntry().getCrc());
  }

  private static void unpack(URL packed, Path library) throws IOException {
    if (!Files.exists(library)) {
      Files.createDirectories(library.getParent());
      try (InputStream in = packed.openStream()) {
        AtomicFile.write(library, path -> Files.write(path, in.readAllBytes()));
      }
    }
  }

  /** In the words of ONNX Runtime. */
  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch");
    return "%s-%s"
        .formatted(
            system.startsWith("windows") ? "win" : system.startsWith("mac") ? "osx" : "linux",
            processor.equals("aarch64") ? "aarch64" : "x64");
  }
}
