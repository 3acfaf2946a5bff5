package dev.cxr.data.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import dev.cxr.common.cli.UsageErrorException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassNamesTest {

  private static final ClassNames OWN = ClassNames.parse("healthy, TB=tuberculosis ,Covid-19");

  @ParameterizedTest
  @CsvSource({
    "VIRAL_PNEUMONIA, VIRAL_PNEUMONIA",
    "Viral Pneumonia, VIRAL_PNEUMONIA",
    "viral, VIRAL_PNEUMONIA",
    "virus, VIRAL_PNEUMONIA",
    "bacterial-pneumonia, BACTERIAL_PNEUMONIA",
    "normal, NORMAL",
    "Pneumonia, PNEUMONIA"
  })
  void knowsBuiltInFindingsInAnyWriting(String name, String finding) {
    assertThat(ClassNames.BUILT_IN.finding(name)).contains(new Finding(finding));
  }

  @ParameterizedTest
  @CsvSource({
    "HEALTHY, healthy",
    "tb, tuberculosis",
    "Tuberculosis, tuberculosis",
    "covid 19, Covid-19"
  })
  void keepsOwnNamesAsWritten(String name, String className) {
    assertThat(OWN.finding(name)).contains(new Finding(className));
  }

  @Test
  void ownClassesReplaceTheBuiltInOnes() {
    assertThat(OWN.isOwn()).isTrue();
    assertThat(OWN.finding("NORMAL")).isEmpty();
    assertThat(OWN.classes()).containsExactly("healthy", "tuberculosis", "Covid-19");
    assertThat(OWN).hasToString("healthy,TB=tuberculosis,Covid-19");
    assertThat(ClassNames.parse(OWN.toString())).isEqualTo(OWN);
  }

  @Test
  void otherNamesOfBuiltInFindingsAddToTheirOwn() {
    ClassNames names = ClassNames.parse("healthy=normal,sick=Pneumonia");
    assertThat(names.isOwn()).isFalse();
    assertThat(names.finding("sick")).contains(Finding.PNEUMONIA);
    assertThat(names.finding("viral")).contains(Finding.VIRAL_PNEUMONIA);
    assertThat(names.task(Task.BINARY, Optional.empty())).isEqualTo(Task.BINARY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a,a", "a,b/c", "a=", "a,,b", ",", "a=x,b=x"})
  void rejectsWhatIsNoListOfClasses(String text) {
    assertThatThrownBy(() -> ClassNames.parse(text)).isInstanceOf(UsageErrorException.class);
  }

  @Test
  void makesTheTaskOfTheClasses() {
    Task task = OWN.task(Task.BINARY, Optional.empty());
    assertThat(task)
        .isEqualTo(
            new Task(
                "classification", List.of("healthy", "tuberculosis", "Covid-19"), "not healthy"));
    assertThat(task.positiveProbability(new double[] {0.25, 0.5, 0.25})).isEqualTo(0.75);
    assertThat(task.negativeLabel()).isEqualTo("healthy");
    Task ofOne = OWN.task(Task.THREE_CLASS, Optional.of("Covid-19"));
    assertThat(ofOne.positiveProbability(new double[] {0.25, 0.5, 0.25})).isEqualTo(0.25);
    assertThat(ofOne.isPositive(new Finding("tuberculosis"))).isFalse();
    assertThat(ofOne.isPositive(new Finding("Covid-19"))).isTrue();
    assertThat(ofOne.negativeLabel()).isEqualTo("not Covid-19");
    assertThat(OWN.task(Task.ANOMALY, Optional.empty()).classes())
        .containsExactly("healthy", "ANOMALY");
    assertThat(ClassNames.parse("no,yes").task(Task.BINARY, Optional.empty()).positiveClass())
        .isEqualTo("yes");
    assertThatThrownBy(() -> OWN.task(Task.BINARY, Optional.of("healthy")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[tuberculosis, Covid-19]");
  }

  @ParameterizedTest
  @FieldSource("dev.cxr.data.index.Task#BUILT_IN")
  void jsonOfABuiltInTaskIsItsName(Task task) {
    Gson gson = new Gson();
    assertThat(gson.toJson(task)).isEqualTo('"' + task.name() + '"');
    assertThat(gson.fromJson(gson.toJson(task), Task.class)).isEqualTo(task);
  }

  @Test
  void jsonKeepsOwnClasses() {
    Gson gson = new Gson();
    Task task = OWN.task(Task.BINARY, Optional.of("tuberculosis"));
    assertThat(gson.fromJson(gson.toJson(task), Task.class)).isEqualTo(task);
    assertThat(gson.fromJson(gson.toJson(OWN), ClassNames.class)).isEqualTo(OWN);
    assertThat(gson.toJson(new Finding("TB"))).isEqualTo("\"TB\"");
  }
}
