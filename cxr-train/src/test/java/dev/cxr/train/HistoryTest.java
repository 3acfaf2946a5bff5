package dev.cxr.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

  @TempDir private Path folder;

  @Test
  void isOneRowAnEpochWithEveryDigit() {
    assertThat(History.toCsv(List.of(new History.Epoch(1, 0.5, 0.75, 1.0 / 3, 0.8, 0.9, 5e-4))))
        .isEqualTo(
            """
            epoch,train_loss,train_accuracy,val_loss,val_accuracy,val_auroc,learning_rate
            1,0.5,0.75,0.3333333333333333,0.8,0.9,5.0E-4
            """);
  }

  @Test
  void isDrawnEvenAfterASingleEpoch() throws IOException {
    Path file = folder.resolve("curves.png");
    CurvesPicture.write(
        List.of(new History.Epoch(1, 0.5, 0.75, 0.4, 0.8, 0.9, 5e-4)), 1, "binary", file);
    BufferedImage picture = ImageIO.read(file.toFile());
    assertThat(picture.getWidth()).isEqualTo(1280);
    assertThat(picture.getHeight()).isEqualTo(400);
  }
}
