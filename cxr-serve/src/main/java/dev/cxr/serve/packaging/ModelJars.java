package dev.cxr.serve.packaging;

import dev.cxr.common.files.AtomicFile;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * The jars that a bundle needs where cxr is not installed: one with the modules that load bundles
 * and decode images, and the libraries of these modules that DJL Serving does not bring.
 */
final class ModelJars {

  /** One class of each library, by which its jar is found. */
  private static final List<String> LIBRARY_CLASSES =
      List.of(
          "com.github.jaiimageio.impl.common.ImageUtil",
          "com.github.jaiimageio.jpeg2000.impl.J2KImageReader",
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
  static Map<String, Path> libraryJars() {
    Map<String, Path> jars = new TreeMap<>();
    for (String name : LIBRARY_CLASSES) {
      Path jar = location(load(name));
      jars.put(jar.getFileName().toString(), jar);
    }
    return jars;
  }

  /** Writes a jar with all classes and resources of cxr-common, cxr-data and cxr-models. */
  static void writeCxrJar(Path target) throws IOException {
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(target)) {
      for (Class<?> module : List.of(AtomicFile.class, ImageDecoder.class, Bundle.class)) {
        addModule(module, CXR_CLASSES, out);
      }
      addModule(ModelJars.class, LICENSE, out);
    }
  }

  /** During the build a module is a folder of classes, else a jar. */
  private static void addModule(Class<?> module, String path, ZipArchiveOutputStream out)
      throws IOException {
    Path location = location(module);
    if (Files.isDirectory(location)) {
      addFiles(location, path, out);
      return;
    }
    try (FileSystem jar = FileSystems.newFileSystem(location)) {
      addFiles(jar.getPath("/"), path, out);
    }
  }

  private static void addFiles(Path root, String path, ZipArchiveOutputStream out)
      throws IOException {
    try (Stream<Path> walk = Files.walk(root.resolve(path))) {
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        String name = root.relativize(file).toString().replace('\\', '/');
        ReproducibleArchives.add(name, file, out);
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
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(type + " is in no file", e);
    }
  }
}
