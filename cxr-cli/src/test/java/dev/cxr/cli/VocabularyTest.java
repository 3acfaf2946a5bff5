package dev.cxr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keeps words of the former vocabulary out of code, help, pages and documentation. */
class VocabularyTest {

  private static final Path ROOT = Path.of("..");

  /** Lines that read old files or accept old options name the old words on purpose. */
  private static final Pattern ALIAS = Pattern.compile("alternate|renamed");

  /** Files that upgrade an earlier version of a format. */
  private static final String UPGRADE = ".*/\\w*(Schema|Format)\\d+\\.java";

  /** Files about the figures that evaluation draws for a paper. */
  private static final String DRAWINGS =
      ".*/cxr-eval/(README\\.md|.*/figure/.*|.*/(\\w+Figures|EvaluateCommand|Evaluator)\\.java)";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pictures?",
        "catalogues?",
        "judge[sd]?|judging",
        "promised",
        "timid|absurdly|amiss|whoever|hitherto",
        "standings?",
        "told|tells?",
        "give[ns]? back",
        "ask(s|ed|ing)? (the |a )?(model|network|bundle)",
        "Refusal|Asking|Familiarity|Promised|Rebuilt|Voted"
      })
  void oldWordsAreGone(String words) throws IOException {
    assertThat(lines(words, files())).isEmpty();
  }

  @Test
  void aFigureIsADrawingAndNoNumber() throws IOException {
    List<Path> others = files();
    assertThat(others.removeIf(file -> file.toString().matches(DRAWINGS))).isTrue();
    assertThat(lines("(?<!--)figures|(a|the|each|every|this|no) figure", others)).isEmpty();
  }

  private static List<String> lines(String words, List<Path> files) throws IOException {
    // Whole words, also within camelCase names.
    String word = "(?i:" + words + ")(?![a-z])";
    Pattern pattern = Pattern.compile("(?<![A-Za-z])" + word + "|(?<=[a-z])(?=[A-Z])" + word);
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      List<String> content = Files.readAllLines(file);
      for (int i = 0; i < content.size(); i++) {
        String line = content.get(i);
        if (pattern.matcher(line).find() && !ALIAS.matcher(line).find()) {
          found.add("%s:%d: %s".formatted(ROOT.relativize(file), i + 1, line.strip()));
        }
      }
    }
    return found;
  }

  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module :
          modules.filter(folder -> folder.endsWith("examples") || isModule(folder)).toList()) {
        addFiles(
            module.resolve("src/main"),
            "(?i).*\\.(java|yaml|json|mustache|html|js|css|properties)",
            files);
        addFiles(module.resolve("README.md"), ".*", files);
      }
    }
    addFiles(ROOT.resolve("README.md"), ".*", files);
    addFiles(ROOT.resolve("docs"), ".*\\.md", files);
    addFiles(ROOT.resolve("deploy"), ".*", files);
    return files;
  }

  private static boolean isModule(Path folder) {
    return folder.getFileName().toString().startsWith("cxr-");
  }

  private static void addFiles(Path start, String name, List<Path> files) throws IOException {
    if (Files.exists(start)) {
      try (Stream<Path> all = Files.walk(start)) {
        all.filter(Files::isRegularFile)
            .filter(file -> file.toString().matches(name) && !file.toString().matches(UPGRADE))
            .forEach(files::add);
      }
    }
  }
}
