package dev.cxr.serve.packaging;

import dev.cxr.common.files.AtomicFile;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A bundle with the code that loads it, for a DJL Serving 0.36 without cxr.
 *
 * <pre>
 * every file of the bundle     unchanged
 * cxr.jar, imageio-*.jar, …    in the root, where DJL looks for the block factory
 * libs/ with the same jars     where it looks for the translator, with another class loader
 * </pre>
 *
 * <p>The same bundle and the same version of cxr give the same bytes.
 */
public final class ModelPackage {

  private ModelPackage() {}

  /**
   * Writes the package completely, or nothing.
   *
   * @param bundle its files are copied unchanged
   * @param target an archive if the name ends in {@code .zip}, {@code .tar.gz} or {@code .tgz},
   *     which replaces an existing file; otherwise a new folder
   * @throws dev.cxr.common.cli.UserErrorException if the folder exists
   * @throws IOException if a file cannot be read or written
   */
  public static void write(Bundle bundle, Path target) throws IOException {
    Path cxrJar = Files.createTempFile("cxr", ".jar");
    try {
      ModelJars.writeCxrJar(cxrJar);
      Map<String, Path> files = files(bundle, cxrJar);
      if (target.toString().endsWith(".zip")) {
        AtomicFile.write(target, path -> ReproducibleArchives.zip(files, path));
      } else if (target.toString().matches("(?s).*\\.(tar\\.gz|tgz)")) {
        AtomicFile.write(target, path -> ReproducibleArchives.tarGz(files, path));
      } else {
        writeFolder(files, target);
      }
    } finally {
      Files.delete(cxrJar);
    }
  }

  /**
   * Names a package of a bundle.
   *
   * @param bundle the bundle
   * @return a file name with the bundle's id, because DJL Serving caches archives by URL
   */
  public static String fileName(Bundle bundle) {
    return "%s-%s.zip".formatted(bundle.manifest().name(), bundle.id());
  }

  private static Map<String, Path> files(Bundle bundle, Path cxrJar) {
    Map<String, Path> files = new TreeMap<>();
    // Only the files with a checksum: no other file in the folder.
    bundle.files().forEach(name -> files.put(name, bundle.folder().resolve(name)));
    Map<String, Path> jars = ModelJars.libraryJars();
    jars.put("cxr.jar", cxrJar);
    jars.forEach(
        (name, jar) -> {
          files.put(name, jar);
          files.put("libs/" + name, jar);
        });
    return files;
  }

  private static void writeFolder(Map<String, Path> files, Path target) throws IOException {
    try (AtomicFolder folder = AtomicFolder.create(target)) {
      Files.createDirectory(folder.path().resolve("libs"));
      for (Map.Entry<String, Path> file : files.entrySet()) {
        Files.copy(file.getValue(), folder.path().resolve(file.getKey()));
      }
      folder.commit();
    }
  }
}
