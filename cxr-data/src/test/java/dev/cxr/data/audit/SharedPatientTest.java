package dev.cxr.data.audit;

import static dev.cxr.data.audit.AuditFixtures.dataset;
import static dev.cxr.data.audit.AuditFixtures.xray;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.audit.SharedPatient.Occurrence;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.PatientIdSource;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedPatientTest {

  @ParameterizedTest
  @CsvSource({
    // source of the key, split and finding of both images, whether they are one person
    "METADATA, TRAIN, NORMAL, TEST, NORMAL, true",
    "METADATA, TRAIN, NORMAL, TEST, VIRAL_PNEUMONIA, true",
    "METADATA, VALIDATION, NORMAL, TEST, VIRAL_PNEUMONIA, true",
    "METADATA, TRAIN, NORMAL, VALIDATION, VIRAL_PNEUMONIA, true",
    "FILE_NAMES, TRAIN, NORMAL, TEST, NORMAL, true",
    "FILE_NAMES, TRAIN, BACTERIAL_PNEUMONIA, TEST, VIRAL_PNEUMONIA, false",
    "FILE_NAMES, VALIDATION, BACTERIAL_PNEUMONIA, TEST, VIRAL_PNEUMONIA, false",
    "FILE_NAMES, TRAIN, NORMAL, TEST, VIRAL_PNEUMONIA, false",
    "FILE_NAMES, TRAIN, PNEUMONIA, TEST, VIRAL_PNEUMONIA, true",
    "FILE_NAMES, TRAIN, NORMAL, VALIDATION, VIRAL_PNEUMONIA, true",
  })
  void decidesWhetherASharedKeyIsOnePerson(
      PatientIdSource source, Split one, Finding first, Split other, Finding second, boolean same) {
    var catalogue =
        dataset(source, List.of(xray("a", first, "p", one), xray("b", second, "p", other)));
    assertThat(SharedPatient.findIn(catalogue))
        .containsExactly(
            new SharedPatient(
                "p",
                same,
                List.of(new Occurrence(one, first, 1), new Occurrence(other, second, 1))));
  }

  @Test
  void ignoresKeysWithinOneSplit() {
    List<Xray> xrays = new ArrayList<>();
    for (Split split : Split.values()) {
      xrays.add(xray(split + "1", Finding.NORMAL, "of " + split, split));
      xrays.add(xray(split + "2", Finding.VIRAL_PNEUMONIA, "of " + split, split));
    }
    for (PatientIdSource source : PatientIdSource.values()) {
      assertThat(SharedPatient.findIn(dataset(source, xrays))).isEmpty();
    }
  }

  @Test
  void matchesOnOneCommonFinding() {
    var catalogue =
        dataset(
            PatientIdSource.FILE_NAMES,
            List.of(
                xray("a", Finding.BACTERIAL_PNEUMONIA, "p", Split.TRAIN),
                xray("b", Finding.BACTERIAL_PNEUMONIA, "p", Split.TRAIN),
                xray("c", Finding.VIRAL_PNEUMONIA, "p", Split.TRAIN),
                xray("d", Finding.VIRAL_PNEUMONIA, "p", Split.TEST)));
    assertThat(SharedPatient.findIn(catalogue))
        .containsExactly(
            new SharedPatient(
                "p",
                true,
                List.of(
                    new Occurrence(Split.TRAIN, Finding.BACTERIAL_PNEUMONIA, 2),
                    new Occurrence(Split.TRAIN, Finding.VIRAL_PNEUMONIA, 1),
                    new Occurrence(Split.TEST, Finding.VIRAL_PNEUMONIA, 1))));
  }

  @Test
  void treatsAKeyInTrainAndValidationAsOnePerson() {
    var catalogue =
        dataset(
            PatientIdSource.FILE_NAMES,
            List.of(
                xray("a", Finding.NORMAL, "p", Split.TRAIN),
                xray("b", Finding.NORMAL, "p", Split.VALIDATION),
                xray("c", Finding.VIRAL_PNEUMONIA, "p", Split.TEST)));
    assertThat(SharedPatient.findIn(catalogue))
        .extracting(SharedPatient::samePerson)
        .containsExactly(true);
  }
}
