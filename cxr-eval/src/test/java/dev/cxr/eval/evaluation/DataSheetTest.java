package dev.cxr.eval.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.index.ClassNames;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.ImageSource;
import dev.cxr.data.index.PatientIdSource;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DataSheetTest {

  private static DataSheet sheet(boolean synthetic, String... ids) {
    List<Xray> xrays =
        Stream.of(ids)
            .map(
                id ->
                    new Xray(
                        id,
                        new ImageSource.SyntheticSource(Finding.NORMAL, 1, 1, 32),
                        Finding.NORMAL,
                        id,
                        Split.TEST))
            .toList();
    return DataSheet.of(
        new DatasetIndex(
            "name",
            synthetic,
            "rule",
            PatientIdSource.FILE_NAMES,
            ClassNames.BUILT_IN,
            xrays,
            List.of(),
            List.of()));
  }

  @Test
  void recognisesKermanyDatasetByFileNames() {
    DataSheet sheet =
        sheet(
            false,
            "test/NORMAL/IM-0001-0001.jpeg",
            "test/NORMAL/NORMAL2-IM-0381-0001.jpeg",
            "test/PNEUMONIA/person1_virus_6.jpeg",
            "person17_bacteria_56.jpeg",
            "test/PNEUMONIA/BACTERIA-1008087-0001.jpeg");
    assertThat(sheet.licence()).isEqualTo("CC BY 4.0");
    assertThat(sheet.centres()).startsWith("one");
    assertThat(sheet.patients()).contains("one to five years");
    assertThat(sheet.splitRule()).isEqualTo("rule");
  }

  @Test
  void makesNoClaimsAboutUnknownDataset() {
    DataSheet sheet = sheet(false, "a.png", "b.png", "test/NORMAL/IM-0001-0001.jpeg");
    assertThat(List.of(sheet.source(), sheet.licence(), sheet.labels())).containsOnly("unknown");
    assertThat(sheet(false).licence()).isEqualTo("unknown");
  }

  @Test
  void syntheticDatasetHasNoPatients() {
    assertThat(sheet(true, "IM-0001-0001.jpeg").patients()).contains("no image shows a person");
  }
}
