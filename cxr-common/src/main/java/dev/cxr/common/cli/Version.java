package dev.cxr.common.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of cxr, recorded by the build. */
public final class Version implements IVersionProvider {

  private static final Properties BUILD = read();

  /** {@return the Maven version, such as {@code 0.1.0}} */
  public static String number() {
    return BUILD.getProperty("version");
  }

  /** {@return the git commit, or {@code unknown} for a build outside a checkout} */
  public static String commit() {
    return BUILD.getProperty("commit");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"cxr %s (%s)".formatted(number(), commit())};
  }

  private static Properties read() {
    Properties build = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("build.properties")) {
      build.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build;
  }
}
