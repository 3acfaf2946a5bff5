package dev.cxr.data.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTest {

  @ParameterizedTest
  @CsvSource({
    "binary, NORMAL, NORMAL",
    "binary, BACTERIAL_PNEUMONIA, PNEUMONIA",
    "binary, VIRAL_PNEUMONIA, PNEUMONIA",
    "binary, PNEUMONIA, PNEUMONIA",
    "subtype, BACTERIAL_PNEUMONIA, BACTERIAL_PNEUMONIA",
    "subtype, VIRAL_PNEUMONIA, VIRAL_PNEUMONIA",
    "three-class, NORMAL, NORMAL",
    "three-class, BACTERIAL_PNEUMONIA, BACTERIAL_PNEUMONIA",
    "three-class, VIRAL_PNEUMONIA, VIRAL_PNEUMONIA",
  })
  void mapsIncludedFindingToOneClass(Task task, Finding finding, String expected) {
    assertThat(task.includes(finding)).isTrue();
    assertThat(task.classes().get(task.label(finding))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"subtype, NORMAL", "subtype, PNEUMONIA", "three-class, PNEUMONIA"})
  void rejectsLabelOfExcludedFinding(Task task, Finding finding) {
    assertThat(task.includes(finding)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> task.label(finding))
        .withMessageContaining(finding.name());
  }

  @ParameterizedTest
  @FieldSource("dev.cxr.data.index.Task#BUILT_IN")
  void onlyFirstClassIsNegative(Task task) {
    List<Finding> taken = Finding.BUILT_IN.stream().filter(task::includes).toList();
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
  @ValueSource(strings = {"binary", "subtype"})
  void twoClassPositiveProbabilityIsSecondClass(Task task) {
    assertThat(task.classes().indexOf(task.positiveClass())).isEqualTo(1);
    assertThat(task.positiveProbability(new double[] {0.25, 0.75})).isEqualTo(0.75);
  }
}
