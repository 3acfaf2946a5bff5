package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ModelCardTest {

  @Test
  void everyCardSaysNotAMedicalDevice() {
    for (boolean synthetic : new boolean[] {true, false}) {
      assertThat(ModelCard.render(TestBundles.manifest("binary-cnn", synthetic, 1)))
          .contains("Research software, not a medical device.");
    }
  }

  @Test
  void syntheticDataIsMarked() {
    assertThat(ModelCard.render(TestBundles.manifest("binary-cnn", true, 1)))
        .contains("synthetic sample: these figures show that the software works, and nothing about")
        .doesNotContain("the collection `");
  }

  @Test
  void namesTheDataset() {
    assertThat(ModelCard.render(TestBundles.manifest("binary-cnn", false, 1)))
        .contains("the collection `chest-xray`")
        .doesNotContain("synthetic");
  }

  @Test
  void showsTheManifest() {
    assertThat(ModelCard.render(TestBundles.manifest("resnet18", false, 1)))
        .startsWith("# lungs\n")
        .contains("`resnet18` on gray pictures of 32 x 32 pixels, weights of epoch 7")
        .contains("NORMAL and PNEUMONIA")
        .contains("PNEUMONIA is called at a probability of 0.4375 or more (Youden's J on the")
        .contains("| train | 90 | NORMAL 45, PNEUMONIA 45 |")
        .contains("| validation | 10 | NORMAL 5, PNEUMONIA 5 |")
        .contains("\"auroc\": 0.75")
        .contains("cxr 0.1.0 (abc1234), DJL 0.38.0, PyTorch 2.7.1, Java 17")
        .contains("flattering");
  }
}
