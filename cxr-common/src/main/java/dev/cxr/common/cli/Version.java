package dev.cxr.common.cli;

import java.util.ResourceBundle;
import picocli.CommandLine.IVersionProvider;

/** The versions of cxr, of DJL and of its native library, recorded by the build. */
public final class Version implements IVersionProvider {

  private static final ResourceBundle BUILD = ResourceBundle.getBundle("dev.cxr.common.cli.build");

  /** {@return the Maven version, such as {@code 0.1.0}} */
  public static String number() {
    return BUILD.getString("version");
  }

  /** {@return the git commit, or {@code unknown} for a build outside a checkout} */
  public static String commit() {
    return BUILD.getString("commit");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "cxr %s (%s)".formatted(number(), commit()),
      "DJL %s, %s".formatted(BUILD.getString("djl"), BUILD.getString("natives")),
      "Java %s (%s)".formatted(Runtime.version(), System.getProperty("java.vendor"))
    };
  }
}
