package dev.cxr.common.runtime;

/**
 * System properties for DJL and its logger, set before DJL's first class is loaded. A property that
 * is already set keeps its value.
 *
 * @since 0.1
 */
public final class EngineDefaults {

  private EngineDefaults() {}

  /**
   * Opens no connection: without these settings DJL looks for native libraries on the network,
   * queries the cloud metadata address 169.254.169.254 and reports usage statistics.
   */
  public static void disableNetwork() {
    setDefault("ai.djl.offline", "true");
    setDefault("offline", "true"); // read by DJL 0.25
    setDefault("OPT_OUT_TRACKING", "true");
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
