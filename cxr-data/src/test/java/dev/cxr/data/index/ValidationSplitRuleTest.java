package dev.cxr.data.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.data.index.ValidationSplitRule.ValidationSource;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationSplitRuleTest {

  /** Computed with Python's hashlib; the first 8 hex digits are in the comments. */
  @Test
  void splitIsReproducible() {
    // person1: 605902875, person17: 145547089, IM-0115: 3976659268, 1008087: 2630228590
    assertThat(isValidation(0.1, 0, "person1")).isFalse();
    assertThat(isValidation(0.1, 0, "person17")).isFalse();
    assertThat(isValidation(0.1, 0, "IM-0115")).isFalse();
    assertThat(isValidation(0.1, 0, "1008087")).isTrue();
    assertThat(isValidation(0.095, 0, "1008087")).isFalse(); // 095 is not below 95
    assertThat(isValidation(0.096, 0, "1008087")).isTrue();
    assertThat(isValidation(0.578, 0, "person1")).isFalse(); // 875 backwards is 578
    assertThat(isValidation(0.579, 0, "person1")).isTrue();
    // 7:person17: 992731005, of which 500 is read
    assertThat(isValidation(0.5, 7, "person17")).isFalse();
    assertThat(isValidation(0.501, 7, "person17")).isTrue();
  }

  @Test
  void validationPatientsAreStable() {
    assertThat(persons(0.1, 0)).containsExactly(5, 15, 22, 26, 28, 31);
    assertThat(persons(0.15, 0)).containsExactly(5, 11, 13, 15, 16, 22, 26, 28, 31, 37);
    assertThat(persons(0.1, 7)).containsExactly(9);
  }

  @Test
  void defaultRuleTakesHashesDivisibleByTen() throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < 5000; i++) {
      String key = (i % 2 == 0 ? "person" : "IM-") + i;
      byte[] hash = sha256.digest(key.getBytes(UTF_8));
      long h = new BigInteger(1, Arrays.copyOf(hash, 4)).longValueExact();
      assertThat(ValidationSplitRule.DEFAULT.isValidation(key)).as(key).isEqualTo(h % 10 == 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"0.1, 0", "0.15, 0", "0.2, 0", "0.1, 3", "0.15, 3", "0.2, 3", "0.5, 0"})
  void validationShareIsCloseToFraction(double fraction, long seed) {
    long drawn =
        IntStream.range(0, 5000).filter(i -> isValidation(fraction, seed, "person" + i)).count();
    assertThat(drawn / 5000.0).isCloseTo(fraction, within(0.02));
  }

  @Test
  void largerFractionKeepsValidationPatients() {
    for (int i = 0; i < 2000; i++) {
      assertThat(!isValidation(0.1, 0, "person" + i) || isValidation(0.15, 0, "person" + i))
          .isTrue();
    }
  }

  @Test
  void differentSeedsSelectDifferentPatients() {
    long both =
        IntStream.range(0, 5000)
            .filter(i -> isValidation(0.1, 1, "person" + i) && isValidation(0.1, 2, "person" + i))
            .count();
    assertThat(both).isBetween(10L, 100L); // by chance 50
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 7, 10, 1000})
  void everyPatientIsInExactlyOneFold(int count) {
    List<ValidationSplitRule> folds = ValidationSplitRule.folds(count, 3);
    assertThat(folds).hasSize(count);
    for (int i = 0; i < 3000; i++) {
      String patient = "person" + i;
      assertThat(folds.stream().filter(fold -> fold.isValidation(patient)).count())
          .as(patient)
          .isEqualTo(1);
    }
  }

  @Test
  void foldsHaveSimilarSize() {
    for (ValidationSplitRule fold : ValidationSplitRule.folds(5, 0)) {
      long drawn = IntStream.range(0, 5000).filter(i -> fold.isValidation("person" + i)).count();
      assertThat(drawn).isBetween(850L, 1150L);
    }
  }

  @Test
  void firstFoldOfTenIsDefault() {
    assertThat(ValidationSplitRule.folds(10, 0).get(0)).isEqualTo(ValidationSplitRule.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({"0.1, 0", "0.1, 11", "0.5, 3", "0.333, 4", "0.15, 8"})
  void rejectsFoldOutOfRange(double fraction, int fold) {
    assertThatThrownBy(() -> new ValidationSplitRule(ValidationSource.GROUPS, fraction, 0, fold))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected a fold from 1 to ");
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {0, 1, -0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY, 0.0001, 0.9999, 1e300})
  void rejectsFractionOutOfRange(double fraction) {
    assertThatThrownBy(() -> new ValidationSplitRule(ValidationSource.GROUPS, fraction, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(fraction));
  }

  @Test
  void descriptionContainsFractionAndSeed() {
    assertThat(ValidationSplitRule.DEFAULT.description())
        .contains("SHA-256(key)")
        .endsWith("below 100");
    assertThat(new ValidationSplitRule(ValidationSource.GROUPS, 0.15, 7, 1).description())
        .contains("SHA-256(7:key)")
        .endsWith("below 150");
    assertThat(ValidationSplitRule.folds(3, 0))
        .extracting(ValidationSplitRule::description)
        .satisfiesExactly(
            words -> assertThat(words).endsWith("reversed, below 333"),
            words -> assertThat(words).endsWith("reversed, 333 to below 667"),
            words -> assertThat(words).endsWith("reversed, 667 to below 1000"));
  }

  private static List<Integer> persons(double fraction, long seed) {
    return IntStream.rangeClosed(1, 40)
        .filter(i -> isValidation(fraction, seed, "person" + i))
        .boxed()
        .toList();
  }

  private static boolean isValidation(double fraction, long seed, String patient) {
    return new ValidationSplitRule(ValidationSource.GROUPS, fraction, seed, 1)
        .isValidation(patient);
  }
}
