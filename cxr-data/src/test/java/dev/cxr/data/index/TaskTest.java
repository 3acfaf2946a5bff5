package dev.cxr.data.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TaskTest {

  @ParameterizedTest
  @CsvSource({
    "BINARY, NORMAL, NORMAL",
    "BINARY, BACTERIAL_PNEUMONIA, PNEUMONIA",
    "BINARY, VIRAL_PNEUMONIA, PNEUMONIA",
    "BINARY, PNEUMONIA, PNEUMONIA",
    "SUBTYPE, BACTERIAL_PNEUMONIA, BACTERIAL_PNEUMONIA",
    "SUBTYPE, VIRAL_PNEUMONIA, VIRAL_PNEUMONIA",
    "THREE_CLASS, NORMAL, NORMAL",
    "THREE_CLASS, BACTERIAL_PNEUMONIA, BACTERIAL_PNEUMONIA",
    "THREE_CLASS, VIRAL_PNEUMONIA, VIRAL_PNEUMONIA",
  })
  void mapsIncludedFindingToOneClass(Task task, Finding finding, String expected) {
    assertThat(task.includes(finding)).isTrue();
    assertThat(task.classes().get(task.label(finding))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"SUBTYPE, NORMAL", "SUBTYPE, PNEUMONIA", "THREE_CLASS, PNEUMONIA"})
  void rejectsLabelOfExcludedFinding(Task task, Finding finding) {
    assertThat(task.includes(finding)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> task.label(finding))
        .withMessageContaining(finding.name());
  }

  @ParameterizedTest
  @EnumSource(Task.class)
  void onlyFirstClassIsNegative(Task task) {
    List<Finding> taken = Arrays.stream(Finding.values()).filter(task::includes).toList();
    assertThat(taken)
        .allSatisfy(f -> assertThat(task.isPositive(f)).isEqualTo(task.label(f) != 0))
        .anySatisfy(f -> assertThat(task.isPositive(f)).isTrue())
        .anySatisfy(f -> assertThat(task.isPositive(f)).isFalse());
  }

  @Test
  void threeClassPositiveProbabilityIsOneMinusNormal() {
    assertThat(Task.THREE_CLASS.positiveClass()).isEqualTo("PNEUMONIA");
    assertThat(Task.THREE_CLASS.positiveProbability(new double[] {0.25, 0.5, 0.25}))
        .isEqualTo(0.75);
  }

  @ParameterizedTest
  @EnumSource(names = {"BINARY", "SUBTYPE"})
  void twoClassPositiveProbabilityIsSecondClass(Task task) {
    assertThat(task.classes().indexOf(task.positiveClass())).isEqualTo(1);
    assertThat(task.positiveProbability(new double[] {0.25, 0.75})).isEqualTo(0.75);
  }
}
