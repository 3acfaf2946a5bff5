package dev.cxr.data.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatientIdParserTest {

  @ParameterizedTest
  @CsvSource({
    "person17_bacteria_56.jpeg, person17",
    "person1_virus_6.jpeg, person1",
    "person1945_bacteria_4872.jpeg, person1945",
    "person447_virus_921_1.jpeg, person447",
    "IM-0115-0001.jpeg, IM-0115",
    "IM-0115-0001-0001.jpeg, IM-0115",
    "IM-0115-0001-0002.png, IM-0115",
    "NORMAL2-IM-0381-0001.jpeg, NORMAL2-IM-0381",
    "NORMAL2-IM-1427-0001-0002.jpeg, NORMAL2-IM-1427",
    "BACTERIA-1008087-0001.jpeg, 1008087",
    "VIRUS-1008087-0002.jpeg, 1008087",
    "NORMAL-28501-0001.jpeg, 28501",
    "PNEUMONIA-28501-0001.jpeg, 28501",
    "bacteria-1008087-0001.JPG, 1008087",
  })
  void parsesKnownNames(String name, String patient) {
    assertThat(PatientIdParser.parse(name)).contains(patient);
  }

  @ParameterizedTest
  @CsvSource({
    "Person17_Bacteria_56.JPEG, person17",
    "PERSON17_VIRUS_57.jpeg, person17",
    "im-0115-0001.jpeg, IM-0115",
    "normal2-im-0381-0001.jpeg, NORMAL2-IM-0381",
    "Normal2-IM-0381-0002.jpeg, NORMAL2-IM-0381",
  })
  void ignoresCase(String name, String patient) {
    assertThat(PatientIdParser.parse(name)).contains(patient);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00001.png",
        "image.jpeg",
        "person.jpeg",
        "person_bacteria_3.jpeg",
        "a-person17_bacteria_56.jpeg",
        "IM-115-0001.jpeg",
        "IM-01155-0001.jpeg",
        "NORMAL3-IM-0115-0001.jpeg",
        "COVID-28501-0001.jpeg",
        "NORMAL-28501.jpeg",
        "",
      })
  void returnsEmptyForOtherNames(String name) {
    assertThat(PatientIdParser.parse(name)).isEmpty();
  }
}
