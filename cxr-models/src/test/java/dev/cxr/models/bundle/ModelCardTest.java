package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
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
        .contains("synthetic sample: the results show that the software works, and nothing about")
        .doesNotContain("the dataset `");
  }

  @Test
  void namesTheDataset() {
    assertThat(ModelCard.render(TestBundles.manifest("binary-cnn", false, 1)))
        .contains("the dataset `chest-xray`")
        .doesNotContain("synthetic");
  }

  @Test
  void showsTheManifest() {
    assertThat(ModelCard.render(TestBundles.manifest("resnet18", false, 1)))
        .startsWith("# lungs\n")
        .contains("| architecture | `resnet18` |")
        .contains("| input | gray image, resized to 32 x 32 pixels |")
        .contains("| output | probabilities of NORMAL, PNEUMONIA |")
        .contains("| operating threshold | PNEUMONIA at a probability of 0.4375 or more |")
        .contains("| chosen by | Youden's J on the validation split |")
        .contains("| train | 90 | NORMAL 45, PNEUMONIA 45 |")
        .contains("| validation | 10 | NORMAL 5, PNEUMONIA 5 |")
        .contains("| AUROC | 0.750 | | |")
        .contains("cxr 0.1.0 (abc1234), DJL 0.38.0, PyTorch 2.7.1, Java 17")
        .contains("## Results on a test split\n\nNone")
        .contains("optimistic");
  }

  @Test
  void metricsHaveIntervalsAndNoJson() {
    String table =
        MetricTable.of(
            JsonParser.parseString(
                """
                {"auroc": {"value": 0.98765, "n": 93, "interval": {"low": 0.96, "high": 1.0}},
                 "precision": {"reason": "no positive prediction"},
                 "brier": {"value": 0.05, "n": 93},
                 "unknown": 7,
                 "confusion": {"tp": 36, "fp": 4, "tn": 51, "fn": 2}}
                """),
            "PNEUMONIA");
    assertThat(table)
        .isEqualTo(
            """
            | metric | value | 95 % interval | n |
            |---|---|---|---|
            | AUROC | 0.988 | 0.960 to 1.000 | 93 |
            | precision (PPV) | undefined | | |
            | Brier score | 0.050 |  | 93 |

            | | predicted PNEUMONIA | predicted other |
            |---|---|---|
            | actual PNEUMONIA | 36 | 2 |
            | actual other | 4 | 51 |""");
  }

  @Test
  void threeClassesHaveAConfusionMatrix() {
    assertThat(
            MetricTable.of(
                JsonParser.parseString(
                    "{\"classesConfusion\": {\"classes\": [\"A\", \"B\"], \"counts\": [[3, 1], [0, 5]]}}"),
                "B"))
        .endsWith(
            """
            | | predicted A | predicted B |
            |---|---|---|
            | actual A | 3 | 1 |
            | actual B | 0 | 5 |""");
  }
}
