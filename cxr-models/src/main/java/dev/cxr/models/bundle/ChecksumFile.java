package dev.cxr.models.bundle;

import dev.cxr.common.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code SHA256SUMS}: the checksum of every other file, in the form that {@code sha256sum -c}
 * reads.
 */
final class ChecksumFile {

  static final String FILE = "SHA256SUMS";

  private static final int MAX_BYTES = 64 << 10;
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  ([\\w.-]+)");

  private ChecksumFile() {}

  /** Writes the checksums of all files in {@code folder}. */
  static void write(Path folder) throws IOException {
    Map<String, String> sums = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        sums.put(file.getFileName().toString(), Sha256.hex(file));
      }
    }
    StringBuilder text = new StringBuilder();
    sums.forEach((name, sum) -> text.append(sum).append("  ").append(name).append('\n'));
    Files.writeString(folder.resolve(FILE), text);
  }

  /**
   * Checks every listed file against its checksum.
   *
   * @return the names of the listed files
   * @throws IllegalArgumentException if a listed file is missing or changed, or a required one is
   *     not listed
   */
  static Set<String> check(Path folder, List<String> required) throws IOException {
    Path file = folder.resolve(FILE);
    require(isReadable(folder), "no readable " + FILE);
    Set<String> listed = new TreeSet<>();
    for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      require(
          matcher.matches() && listed.add(matcher.group(2)),
          "a line in " + FILE + " that is not a checksum, or repeats a file");
      Path named = folder.resolve(matcher.group(2));
      require(Files.isRegularFile(named), matcher.group(2) + " missing");
      require(
          Sha256.hex(named).equals(matcher.group(1)),
          matcher.group(2) + " changed since the bundle was written");
    }
    for (String name : required) {
      require(listed.contains(name), name + " not in " + FILE);
    }
    return listed;
  }

  /** Whether the file is there and not too large. */
  static boolean isReadable(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    return Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES;
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }
}
