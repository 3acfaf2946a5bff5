package dev.cxr.data.dataset;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The published dataset, if it is in {@code CXR_DATA_DIR}. */
@EnabledIfEnvironmentVariable(named = "CXR_DATA_DIR", matches = ".+")
class PublishedDatasetTest {

  @Test
  void countsThePublishedTrainingImages() throws IOException {
    DatasetIndex index = open();
    assertThat(findings(Stream.of(Split.TRAIN, Split.VALIDATION).flatMap(s -> in(index, s))))
        .isEqualTo(
            Map.of(
                Finding.NORMAL, 1341L,
                Finding.BACTERIAL_PNEUMONIA, 2530L,
                Finding.VIRAL_PNEUMONIA, 1345L));
  }

  @Test
  void countsTheTestImagesOfThisEdition() throws IOException {
    assertThat(findings(in(open(), Split.TEST)))
        .isEqualTo(
            Map.of(
                Finding.NORMAL, 125L,
                Finding.BACTERIAL_PNEUMONIA, 127L,
                Finding.VIRAL_PNEUMONIA, 65L));
  }

  @Test
  void keepsPatientsOfTrainingAndValidationApart() throws IOException {
    DatasetIndex index = open();
    assertThat(index.notices()).isEmpty();
    assertThat(in(index, Split.TRAIN).map(Xray::patient).collect(toSet()))
        .isNotEmpty()
        .doesNotContainAnyElementsOf(
            in(index, Split.VALIDATION).map(Xray::patient).collect(toSet()));
  }

  @Test
  void drawsATenthOfThePatientsForValidation() throws IOException {
    DatasetIndex index = open();
    double validation = in(index, Split.VALIDATION).map(Xray::patient).distinct().count();
    double train = in(index, Split.TRAIN).map(Xray::patient).distinct().count();
    assertThat(validation / (train + validation)).isBetween(0.08, 0.12);
  }

  @Test
  void dropsExactDuplicatesOfTheTrainingImages() throws IOException {
    ImageStore pixels = ImageStore.open(open(), EnumSet.allOf(Split.class), 32);
    List<Xray> kept = pixels.index().xrays();
    assertThat(kept).hasSize(1341 + 3875 - 26 + 125 + 192);
    assertThat(pixels.index().inSplit(Split.TEST)).hasSize(125 + 192);
    assertThat(pixels.index().notices())
        .containsExactly("Exact duplicates excluded from the training images: 26.");
  }

  private static DatasetIndex open() throws IOException {
    Path folder = Path.of(System.getenv("CXR_DATA_DIR"), "chest-xray");
    return DatasetReader.read(folder.toString(), ValidationSplitRule.DEFAULT);
  }

  private static Stream<Xray> in(DatasetIndex index, Split split) {
    return index.inSplit(split).stream();
  }

  private static Map<Finding, Long> findings(Stream<Xray> xrays) {
    return xrays.map(Xray::finding).collect(groupingBy(identity(), counting()));
  }
}
