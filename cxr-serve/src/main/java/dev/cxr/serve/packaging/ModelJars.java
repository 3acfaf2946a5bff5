package dev.cxr.serve.packaging;

import dev.cxr.common.files.AtomicFile;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.models.bundle.Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The jars that a bundle needs where cxr is not installed: one with the modules that load bundles
 * and decode images, and the libraries of these modules that DJL Serving does not bring.
 */
final class ModelJars {

  /** One class of each library, by which its jar is found. */
  private static final List<String> LIBRARY_CLASSES =
      List.of(
          "ai.djl.basicmodelzoo.BasicModelZoo",
          "com.twelvemonkeys.image.ImageUtil",
          "com.twelvemonkeys.imageio.ImageReaderBase",
          "com.twelvemonkeys.imageio.metadata.Directory",
          "com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReader",
          "com.twelvemonkeys.io.FileUtil",
          "com.twelvemonkeys.lang.Validate");

  private static final String CXR_CLASSES = "dev/cxr";
  private static final String LICENSE = "META-INF/LICENSE";

  private ModelJars() {}

  /** The jars of the libraries, by file name. */
  static Map<String, FileContent> libraryJars() {
    Map<String, FileContent> jars = new TreeMap<>();
    for (String name : LIBRARY_CLASSES) {
      Path jar = location(load(name));
      jars.put(jar.getFileName().toString(), () -> Files.newInputStream(jar));
    }
    return jars;
  }

  /** A jar with all classes and resources of cxr-common, cxr-data and cxr-models. */
  static byte[] cxrJar() throws IOException {
    Map<String, byte[]> classes = new TreeMap<>();
    for (Class<?> module : List.of(Bundle.class, ImageDecoder.class, AtomicFile.class)) {
      collect(location(module), classes);
    }
    try (InputStream license = ModelJars.class.getResourceAsStream("/" + LICENSE)) {
      if (license == null) {
        throw new IllegalStateException("no license on the class path");
      }
      classes.put(LICENSE, license.readAllBytes());
    }
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    ReproducibleArchives.jar(classes, jar);
    return jar.toByteArray();
  }

  /** During the build a module is a folder of classes, else a jar. */
  private static void collect(Path location, Map<String, byte[]> classes) throws IOException {
    if (Files.isDirectory(location)) {
      collectFrom(location, classes);
      return;
    }
    try (FileSystem jar = FileSystems.newFileSystem(location)) {
      collectFrom(jar.getPath("/"), classes);
    }
  }

  private static void collectFrom(Path root, Map<String, byte[]> classes) throws IOException {
    try (Stream<Path> walk = Files.walk(root.resolve(CXR_CLASSES))) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString().replace('\\', '/');
        classes.put(name, Files.readAllBytes(file));
      }
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ModelJars.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("a library is missing on the class path", e);
    }
  }

  private static Path location(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    try {
      return Path.of(source == null ? new URI("") : source.getLocation().toURI());
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new IllegalStateException(type + " is in no file", e);
    }
  }
}
