package dev.cxr.serve.packaging;

import dev.cxr.common.files.AtomicFile;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.models.bundle.Bundle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  /** A line of SHA256SUMS, whose form was checked when the bundle was opened. */
  private static final Pattern CHECKSUM_LINE = Pattern.compile("[0-9a-f]{64}  ([\\w.-]+)");

  private static final String CHECKSUM_FILE = "SHA256SUMS";

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
    Map<String, FileContent> files = files(bundle);
    switch (PackageFormat.of(target)) {
      case FOLDER -> writeFolder(files, target);
      case ZIP -> AtomicFile.write(target, path -> ReproducibleArchives.zip(files, path));
      case TAR_GZ -> AtomicFile.write(target, path -> ReproducibleArchives.tarGz(files, path));
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

  private static Map<String, FileContent> files(Bundle bundle) throws IOException {
    Map<String, FileContent> files = new TreeMap<>();
    for (String name : bundleFileNames(bundle)) {
      Path file = bundle.folder().resolve(name);
      files.put(name, () -> Files.newInputStream(file));
    }
    Map<String, FileContent> jars = new LinkedHashMap<>(ModelJars.libraryJars());
    byte[] cxrJar = ModelJars.cxrJar();
    jars.put("cxr.jar", () -> new ByteArrayInputStream(cxrJar));
    jars.forEach(
        (name, jar) -> {
          files.put(name, jar);
          files.put("libs/" + name, jar);
        });
    return files;
  }

  /** The files listed in SHA256SUMS, without any other file in the folder. */
  private static List<String> bundleFileNames(Bundle bundle) throws IOException {
    String checksums = Files.readString(bundle.folder().resolve(CHECKSUM_FILE));
    List<String> names =
        new ArrayList<>(
            checksums
                .lines()
                .map(CHECKSUM_LINE::matcher)
                .filter(Matcher::matches)
                .map(m -> m.group(1))
                .toList());
    names.add(CHECKSUM_FILE);
    return names;
  }

  private static void writeFolder(Map<String, FileContent> files, Path target) throws IOException {
    try (AtomicFolder folder = AtomicFolder.create(target)) {
      Files.createDirectory(folder.path().resolve("libs"));
      for (Map.Entry<String, FileContent> file : files.entrySet()) {
        try (InputStream in = file.getValue().open()) {
          Files.copy(in, folder.path().resolve(file.getKey()));
        }
      }
      folder.commit();
    }
  }

  /** The kind of package, by the target's name. */
  private enum PackageFormat {
    FOLDER,
    ZIP,
    TAR_GZ;

    static PackageFormat of(Path target) {
      String name = target.getFileName().toString();
      if (name.endsWith(".zip")) {
        return ZIP;
      }
      return name.endsWith(".tar.gz") || name.endsWith(".tgz") ? TAR_GZ : FOLDER;
    }
  }
}
