package dev.cxr.models.bundle;

import dev.cxr.common.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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

  /** {@return what is wrong with the folder; empty if every required file has its checksum} */
  static Optional<String> findProblem(Path folder, List<String> required) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      return Optional.of("no readable " + FILE);
    }
    Set<String> listed = new HashSet<>();
    for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches() || !listed.add(matcher.group(2))) {
        return Optional.of("a line in " + FILE + " that is not a checksum, or repeats a file");
      }
      Path named = folder.resolve(matcher.group(2));
      if (!Files.isRegularFile(named)) {
        return Optional.of(matcher.group(2) + " missing");
      }
      if (!Sha256.hex(named).equals(matcher.group(1))) {
        return Optional.of(matcher.group(2) + " changed since the bundle was written");
      }
    }
    return required.stream()
        .filter(name -> !listed.contains(name))
        .findFirst()
        .map(name -> name + " not in " + FILE);
  }

  /** {@return whether a file is listed} */
  static boolean covers(Path folder, String name) throws IOException {
    return Files.readString(folder.resolve(FILE), StandardCharsets.ISO_8859_1)
        .lines()
        .anyMatch(line -> line.endsWith("  " + name));
  }
}
