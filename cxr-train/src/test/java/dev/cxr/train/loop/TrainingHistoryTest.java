package dev.cxr.train.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingHistoryTest {

  @Test
  void writesOneRowPerEpoch() throws IOException {
    assertThat(
            TrainingHistory.toCsv(List.of(new EpochMetrics(1, 0.5, 0.75, 1.0 / 3, 0.8, 0.9, 5e-4))))
        .isEqualTo(
            """
            epoch,train_loss,train_accuracy,val_loss,val_accuracy,val_auroc,learning_rate
            1,0.5,0.75,0.3333333333333333,0.8,0.9,5.0E-4
            """);
  }
}
