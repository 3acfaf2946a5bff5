package dev.cxr.data.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.catalogue.ValidationRule.Source;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SyntheticSampleTest {

  static Stream<ValidationRule> rules() {
    return Stream.of(
        ValidationRule.DEFAULT,
        new ValidationRule(Source.GROUPS, 0.2, 0, 1),
        new ValidationRule(Source.GROUPS, 0.1, 5, 1));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void noPatientStandsInTwoSplits(ValidationRule rule) throws IOException {
    Map<String, Split> splits = new HashMap<>();
    for (Xray xray : open(rule).xrays()) {
      Split other = splits.putIfAbsent(xray.patient(), xray.split());
      assertThat(other == null || other == xray.split()).as(xray.id()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void everySplitHasNormalsAndPneumoniasOfEitherCause(ValidationRule rule) throws IOException {
    Catalogue catalogue = open(rule);
    for (Split split : Split.values()) {
      assertThat(catalogue.in(split))
          .extracting(Xray::finding)
          .contains(Finding.NORMAL, Finding.BACTERIAL_PNEUMONIA, Finding.VIRAL_PNEUMONIA);
    }
  }

  @Test
  void itIsTheSameEveryTime() throws IOException {
    Catalogue catalogue = open(ValidationRule.DEFAULT);
    assertThat(catalogue).isEqualTo(open(ValidationRule.DEFAULT));
    assertThat(catalogue.in(Split.TRAIN)).hasSize(848);
    assertThat(catalogue.in(Split.VALIDATION)).hasSize(93);
    assertThat(catalogue.in(Split.TEST)).hasSize(326);
  }

  @Test
  void itIsTheSameWhereDigitsAreWrittenOtherwise() throws IOException {
    Catalogue catalogue = open(ValidationRule.DEFAULT);
    Locale usual = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      assertThat(open(ValidationRule.DEFAULT)).isEqualTo(catalogue);
    } finally {
      Locale.setDefault(usual);
    }
  }

  @Test
  void noTwoPicturesHaveOneName() throws IOException {
    assertThat(open(ValidationRule.DEFAULT).xrays()).extracting(Xray::id).doesNotHaveDuplicates();
  }

  @Test
  void noTwoPicturesAreDrawnFromTheSameSeeds() throws IOException {
    assertThat(open(ValidationRule.DEFAULT).xrays())
        .extracting(Xray::source)
        .doesNotHaveDuplicates();
  }

  @Test
  void itSaysThatItIsSynthetic() throws IOException {
    Catalogue catalogue = open(ValidationRule.DEFAULT);
    assertThat(catalogue.synthetic()).isTrue();
    assertThat(catalogue.name()).isEqualTo("synthetic");
    assertThat(catalogue.notices())
        .singleElement()
        .asString()
        .contains("synthetic")
        .contains("nothing about medicine");
  }

  private static Catalogue open(ValidationRule rule) throws IOException {
    return Catalogue.open("synthetic", rule);
  }
}
