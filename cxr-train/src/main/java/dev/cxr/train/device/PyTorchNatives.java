package dev.cxr.train.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;

/**
 * The native PyTorch libraries of one platform, in a jar on the class path.
 *
 * @param version such as {@code 2.7.1}
 * @param flavour {@code cpu}, or {@code cu124} for CUDA 12.4
 * @param platform such as {@code linux-x86_64}
 */
public record PyTorchNatives(String version, String flavour, String platform) {

  private static final String PROPERTIES_FILE = "native/lib/pytorch.properties";

  /** {@return the natives of every jar on the class path} */
  public static List<PyTorchNatives> findOnClassPath() {
    try {
      List<PyTorchNatives> all = new ArrayList<>();
      for (URL url :
          Collections.list(PyTorchNatives.class.getClassLoader().getResources(PROPERTIES_FILE))) {
        Properties properties = new Properties();
        try (InputStream in = url.openStream()) {
          properties.load(in);
        }
        all.add(
            new PyTorchNatives(
                properties.getProperty("version", "?").replaceAll("-.*", ""),
                properties.getProperty("flavor", "?"),
                properties.getProperty("classifier", "?")));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return whether they support a GPU} */
  public boolean isForGpu() {
    return flavour.startsWith("cu");
  }

  @Override
  public String toString() {
    return "PyTorch %s, %s, %s".formatted(version, flavour, platform);
  }
}
