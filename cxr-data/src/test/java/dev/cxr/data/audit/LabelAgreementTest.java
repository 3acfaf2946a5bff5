package dev.cxr.data.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.index.Finding;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelAgreementTest {

  @ParameterizedTest
  @CsvSource({
    "NORMAL, SAME",
    "PNEUMONIA, SAME",
    "NORMAL BACTERIAL_PNEUMONIA, CONFLICT",
    "NORMAL PNEUMONIA, CONFLICT",
    "BACTERIAL_PNEUMONIA VIRAL_PNEUMONIA, CONFLICT",
    "BACTERIAL_PNEUMONIA PNEUMONIA, CAUSE_UNSPECIFIED",
    "VIRAL_PNEUMONIA PNEUMONIA, CAUSE_UNSPECIFIED",
    "BACTERIAL_PNEUMONIA VIRAL_PNEUMONIA PNEUMONIA, CONFLICT",
    "NORMAL VIRAL_PNEUMONIA PNEUMONIA, CONFLICT",
  })
  void treatsUnspecifiedPneumoniaAsCompatible(String findings, LabelAgreement expected) {
    Set<Finding> set =
        Arrays.stream(findings.split(" ", -1)).map(Finding::new).collect(Collectors.toSet());
    assertThat(LabelAgreement.of(set)).isEqualTo(expected);
  }
}
