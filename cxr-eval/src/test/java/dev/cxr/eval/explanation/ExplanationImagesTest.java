package dev.cxr.eval.explanation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.models.explanation.HeatmapOverlay;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ExplanationImagesTest {

  private static GrayImage flat(int width, int height, int gray) {
    byte[] pixels = new byte[width * height];
    Arrays.fill(pixels, (byte) gray);
    return new GrayImage(width, height, pixels);
  }

  private static int red(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) >> 16 & 0xFF;
  }

  private static int blue(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xFF;
  }

  @Test
  void zeroHeatLeavesTheImageUnchanged() {
    BufferedImage image = HeatmapOverlay.of(flat(40, 20, 77), new float[2][3]);
    assertThat(image.getWidth()).isEqualTo(40);
    assertThat(image.getHeight()).isEqualTo(20);
    for (int x = 0; x < 40; x++) {
      assertThat(image.getRGB(x, 10) & 0xFFFFFF).isEqualTo(0x4D4D4D);
    }
  }

  @Test
  void heatIsDrawnAtItsLocation() {
    float[][] heat = {{0, 0, 7}, {0, 0, 0}, {0, 0, 0}};
    BufferedImage image = HeatmapOverlay.of(flat(60, 60, 100), heat);
    // 0.6 of 0xFFE63C over gray 100
    assertThat(image.getRGB(59, 0) & 0xFFFFFF).isEqualTo(0xC1B24C);
    assertThat(image.getRGB(0, 59) & 0xFFFFFF).isEqualTo(0x646464);
    assertThat(image.getRGB(0, 0) & 0xFFFFFF).as("mirrored").isEqualTo(0x646464);
    assertThat(image.getRGB(59, 59) & 0xFFFFFF).as("turned").isEqualTo(0x646464);
  }

  @Test
  void heatIsInterpolatedSmoothly() {
    BufferedImage image = HeatmapOverlay.of(flat(64, 16, 0), new float[][] {{0, 1}});
    for (int x = 1; x < 64; x++) {
      assertThat(red(image, x, 3)).isBetween(red(image, x - 1, 3), red(image, x - 1, 3) + 9);
    }
    assertThat(red(image, 8, 3)).as("before the first centre").isZero();
    assertThat(red(image, 63, 3)).isEqualTo(153);
  }

  @Test
  void transparentLayerIsOpaqueOnlyWhereThereIsHeat() {
    BufferedImage layer =
        HeatmapOverlay.transparentLayer(new float[][] {{0, 0, 7}, {0, 0, 0}}, 60, 40);
    assertThat(layer.getRGB(59, 0)).isEqualTo(0xFFFFE63C);
    assertThat(layer.getRGB(0, 0) >>> 24).isZero();
    assertThat(layer.getRGB(59, 39) >>> 24).as("turned").isZero();
    assertThat(HeatmapOverlay.transparentLayer(new float[1][1], 3, 2).getRGB(1, 1) >>> 24).isZero();
  }

  @Test
  void heatScaleIsRelative() {
    float[][] weak = {{0.1f, 0.2f}, {0, 0.4f}};
    float[][] strong = {{1, 2}, {0, 4}};
    BufferedImage first = HeatmapOverlay.of(flat(20, 20, 50), weak);
    BufferedImage second = HeatmapOverlay.of(flat(20, 20, 50), strong);
    for (int i = 0; i < 20; i++) {
      assertThat(blue(first, i, 19 - i)).isEqualTo(blue(second, i, 19 - i));
    }
  }

  @Test
  void gridPlacesEachMapWithItsOwnScale() {
    float[][][] maps = {
      {{-1, 3}, {-1, 3}}, {{0, 0}, {0, 1000}}, {{5, 5}, {5, 5}},
    };
    GrayImage sheet = FeatureMapGrid.of(maps);
    int tile = 56;
    assertThat(sheet.width()).isEqualTo(2 * tile + 2);
    assertThat(sheet.height()).isEqualTo(2 * tile + 2);
    assertThat(level(sheet, 0, 0)).isZero();
    assertThat(level(sheet, tile - 1, 0)).isEqualTo(255);
    assertThat(level(sheet, tile, 0)).as("gap").isEqualTo(0x60);
    assertThat(level(sheet, tile + 2, 0)).isZero();
    assertThat(level(sheet, 2 * tile + 1, tile - 1)).isEqualTo(255);
    assertThat(level(sheet, 10, tile + 12)).as("the same everywhere").isZero();
  }

  private static int level(GrayImage sheet, int x, int y) {
    return sheet.pixels()[y * sheet.width() + x] & 0xFF;
  }

  @Test
  void largeMapsAreNotEnlarged() {
    assertThat(FeatureMapGrid.of(new float[1][112][100]).width()).isEqualTo(100);
  }

  @Test
  void dataUriImageKeepsAspectRatioWithinMaxSide() throws IOException {
    GrayImage small = DataUriImage.fitWithin(flat(1000, 400, 9), 288);
    assertThat(small.width()).isEqualTo(288);
    assertThat(small.height()).isEqualTo(115);
    assertThat(DataUriImage.fitWithin(flat(50, 40, 9), 288)).isEqualTo(flat(50, 40, 9));
    String uri = DataUriImage.dataUri(small);
    assertThat(uri).startsWith("data:image/jpeg;base64,");
    GrayImage read =
        ImageDecoder.decode(Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1)));
    assertThat(read.width()).isEqualTo(288);
    assertThat(read.pixels()[500] & 0xFF).isBetween(7, 11);
  }
}
