package dev.cxr.common.runtime;

import dev.cxr.common.files.CacheFolder;
import java.io.IOException;
import java.nio.file.Path;

/**
 * System properties for DJL and its logger, set before DJL's first class is loaded. A property that
 * is already set keeps its value.
 *
 * @since 0.1
 */
public final class EngineDefaults {

  private EngineDefaults() {}

  /**
   * Prepares the start of the engine: it opens no connection, and loads native libraries only from
   * an {@link EngineFolder} that no other user can write.
   *
   * <p>Without these settings DJL looks for native libraries on the network, queries the cloud
   * metadata address 169.254.169.254 and reports usage statistics; and for a user without a home
   * folder it loads whatever libraries it finds in a folder of the temporary directory that any
   * user may have made.
   *
   * @throws dev.cxr.common.cli.UserErrorException if other users can write the folder of the
   *     libraries
   */
  public static void prepare() {
    setDefault("ai.djl.offline", "true");
    setDefault("offline", "true"); // read by DJL 0.25
    setDefault("OPT_OUT_TRACKING", "true");
    EngineFolder.prepare();
    setDefault(EngineFolder.VARIABLE, EngineFolder.path().toString());
    setDefault("jna.tmpdir", jnaFolder().toString());
  }

  /** {@return how many threads compute: one per processor, or {@code OMP_NUM_THREADS}} */
  public static int threads() {
    String variable = System.getenv("OMP_NUM_THREADS");
    return variable != null && variable.matches("[1-9][0-9]{0,3}")
        ? Integer.parseInt(variable)
        : Runtime.getRuntime().availableProcessors();
  }

  /** JNA unpacks a library here at every start that needs it. */
  private static Path jnaFolder() {
    try {
      return CacheFolder.create("jna");
    } catch (IOException e) {
      return CacheFolder.resolve("jna"); // JNA says so where it is needed, which is in training
    }
  }

  /** Logs warnings only, for command lines; a program that embeds cxr has its own settings. */
  public static void quietLogging() {
    setDefault("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    // Warns on every start on a machine with a CUDA toolkit and no GPU.
    setDefault("org.slf4j.simpleLogger.log.ai.djl.util.cuda.CudaUtils", "error");
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
