package dev.cxr.data.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.index.ValidationSplitRule.ValidationSource;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SyntheticDatasetTest {

  static Stream<ValidationSplitRule> rules() {
    return Stream.of(
        ValidationSplitRule.DEFAULT,
        new ValidationSplitRule(ValidationSource.GROUPS, 0.2, 0, 1),
        new ValidationSplitRule(ValidationSource.GROUPS, 0.1, 5, 1));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void keepsEachPatientInOneSplit(ValidationSplitRule rule) throws IOException {
    Map<String, Split> splits = new HashMap<>();
    for (Xray xray : open(rule).xrays()) {
      Split other = splits.putIfAbsent(xray.patient(), xray.split());
      assertThat(other == null || other == xray.split()).as(xray.id()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void hasEveryFindingInEverySplit(ValidationSplitRule rule) throws IOException {
    DatasetIndex index = open(rule);
    for (Split split : Split.values()) {
      assertThat(index.inSplit(split))
          .extracting(Xray::finding)
          .contains(Finding.NORMAL, Finding.BACTERIAL_PNEUMONIA, Finding.VIRAL_PNEUMONIA);
    }
  }

  @Test
  void isReproducible() throws IOException {
    DatasetIndex index = open(ValidationSplitRule.DEFAULT);
    assertThat(index).isEqualTo(open(ValidationSplitRule.DEFAULT));
    assertThat(index.inSplit(Split.TRAIN)).hasSize(848);
    assertThat(index.inSplit(Split.VALIDATION)).hasSize(93);
    assertThat(index.inSplit(Split.TEST)).hasSize(326);
  }

  @Test
  void isIndependentOfLocale() throws IOException {
    DatasetIndex index = open(ValidationSplitRule.DEFAULT);
    Locale usual = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      assertThat(open(ValidationSplitRule.DEFAULT)).isEqualTo(index);
    } finally {
      Locale.setDefault(usual);
    }
  }

  @Test
  void hasUniqueIds() throws IOException {
    assertThat(open(ValidationSplitRule.DEFAULT).xrays())
        .extracting(Xray::id)
        .doesNotHaveDuplicates();
  }

  @Test
  void hasUniqueSeeds() throws IOException {
    assertThat(open(ValidationSplitRule.DEFAULT).xrays())
        .extracting(Xray::source)
        .doesNotHaveDuplicates();
  }

  @Test
  void reportsThatItIsSynthetic() throws IOException {
    DatasetIndex index = open(ValidationSplitRule.DEFAULT);
    assertThat(index.synthetic()).isTrue();
    assertThat(index.name()).isEqualTo("synthetic");
    assertThat(index.notices())
        .singleElement()
        .asString()
        .contains("synthetic")
        .contains("nothing about medicine");
  }

  private static DatasetIndex open(ValidationSplitRule rule) throws IOException {
    return DatasetReader.read("synthetic", rule);
  }
}
