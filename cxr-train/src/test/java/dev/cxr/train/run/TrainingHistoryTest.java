package dev.cxr.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.train.loop.TrainingHistory;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingHistoryTest {

  @TempDir private Path folder;

  @Test
  void writesOneRowPerEpoch() {
    assertThat(
            TrainingHistory.toCsv(
                List.of(new TrainingHistory.EpochMetrics(1, 0.5, 0.75, 1.0 / 3, 0.8, 0.9, 5e-4))))
        .isEqualTo(
            """
            epoch,train_loss,train_accuracy,val_loss,val_accuracy,val_auroc,learning_rate
            1,0.5,0.75,0.3333333333333333,0.8,0.9,5.0E-4
            """);
  }

  @Test
  void drawsSingleEpoch() throws IOException {
    Path file = folder.resolve("curves.png");
    CurvesImage.write(
        List.of(new TrainingHistory.EpochMetrics(1, 0.5, 0.75, 0.4, 0.8, 0.9, 5e-4)),
        1,
        "binary",
        file);
    BufferedImage picture = ImageIO.read(file.toFile());
    assertThat(picture.getWidth()).isEqualTo(1280);
    assertThat(picture.getHeight()).isEqualTo(400);
  }
}
