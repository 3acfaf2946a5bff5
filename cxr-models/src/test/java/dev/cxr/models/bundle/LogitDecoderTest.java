package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.data.index.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogitDecoderTest {

  @Test
  void zeroLogitGivesOneHalf() {
    assertThat(binary(0, 1)).containsExactly(0.5, 0.5);
    assertThat(binary(0, 3)).containsExactly(0.5, 0.5);
  }

  @Test
  void positiveLogitFavoursThePositiveClass() {
    assertThat(Task.BINARY.classes().indexOf(Task.BINARY.positiveClass())).isEqualTo(1);
    assertThat(binary(2, 1)).containsExactly(new double[] {0.1192029, 0.8807971}, within(1e-7));
  }

  @Test
  void temperatureDividesTheLogit() {
    assertThat(binary(3, 2)).isEqualTo(binary(1.5f, 1));
    assertThat(binary(3, 2)[1]).as("less sure").isLessThan(binary(3, 1)[1]);
    assertThat(binary(3, 0.5)[1]).as("surer").isGreaterThan(binary(3, 1)[1]);
  }

  @ParameterizedTest
  @ValueSource(floats = {-Float.MAX_VALUE, -800, -40, -1.7f, 0.3f, 25, 800, Float.MAX_VALUE})
  void probabilitiesSumToOne(float logit) {
    double[] probabilities = binary(logit, 1);
    assertThat(probabilities[0] + probabilities[1]).isEqualTo(1);
    assertThat(probabilities[0]).isBetween(0.0, 1.0);
  }

  @ParameterizedTest
  @FieldSource("dev.cxr.data.index.Task#BUILT_IN")
  void everyTaskHasOneProbabilityPerClass(Task task) {
    float[] logits = new float[LogitDecoder.logitCount(task)];
    assertThat(LogitDecoder.probabilities(task, logits, 1)).hasSize(task.classes().size());
  }

  private static double[] binary(float logit, double temperature) {
    return LogitDecoder.probabilities(Task.BINARY, new float[] {logit}, temperature);
  }
}
