package dev.cxr.data.index;

import dev.cxr.common.files.Sha256;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Selects the patient groups of the validation split by a hash, so that added images move no
 * patient.
 *
 * <p>h is the first eight hex digits of SHA-256(patient) as an integer. Its last decimal digits in
 * reverse order are a number in [0, 1), whose tenths are h mod 10. Fold 1 has the groups whose
 * number is below the fraction (for a tenth, h mod 10 = 0), fold 2 those between the fraction and
 * twice the fraction, and so on. Each group is in exactly one fold.
 *
 * @param source where validation images come from
 * @param fraction share of the patient groups, 0.001 to 0.999 in steps of 0.001
 * @param seed a number other than 0 is put before the patient id and selects other groups
 * @param fold which of the {@code round(1 / fraction)} folds is the validation split, from 1
 * @since 0.1
 */
public record ValidationSplitRule(ValidationSource source, double fraction, long seed, int fold) {

  /** Where validation images come from. */
  public enum ValidationSource {
    /** Patient groups selected from the training images. */
    GROUPS,
    /** The validation split of the dataset, such as a {@code val} folder. */
    FOLDER
  }

  /** A tenth of the patient groups. */
  public static final ValidationSplitRule DEFAULT =
      new ValidationSplitRule(ValidationSource.GROUPS, 0.1, 0, 1);

  private static final int DIGIT_COUNT = 3;
  private static final int STEPS = 1000;

  /**
   * Checks fraction and fold.
   *
   * @param source as for the record
   * @param fraction as for the record
   * @param seed as for the record
   * @param fold as for the record
   * @throws IllegalArgumentException if one of them is out of range
   */
  public ValidationSplitRule {
    long thousandths = Math.round(fraction * STEPS);
    if (thousandths < 1 || thousandths >= STEPS) {
      throw new IllegalArgumentException(
          "expected a fraction from 0.001 to 0.999, found " + fraction);
    }
    long folds = Math.round(1 / fraction);
    if (fold < 1 || fold > folds) {
      throw new IllegalArgumentException(
          "expected a fold from 1 to %d for a fraction of %s, found %d"
              .formatted(folds, fraction, fold));
    }
  }

  /**
   * Returns the rules of a cross-validation.
   *
   * @param count number of folds, 2 to 1000
   * @param seed as for the constructor
   * @return a rule for each fold; each patient group is in the validation split of one of them
   */
  public static List<ValidationSplitRule> folds(int count, long seed) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(fold -> new ValidationSplitRule(ValidationSource.GROUPS, 1.0 / count, seed, fold))
        .toList();
  }

  /**
   * {@return whether the images of a patient group are in the validation split}
   *
   * @param patient the id of the group
   */
  public boolean isValidation(String patient) {
    long position = position(patient);
    return foldStart() <= position && position < foldEnd();
  }

  /** The number of a patient group in [0, 1), in thousandths. */
  long position(String patient) {
    long hash = hash(seed == 0 ? patient : seed + ":" + patient);
    long reversed = 0;
    for (int i = 0; i < DIGIT_COUNT; i++) {
      reversed = reversed * 10 + hash % 10;
      hash /= 10;
    }
    return reversed;
  }

  /** {@return the rule for people, as bundles contain it} */
  public String description() {
    return String.format(
        Locale.ROOT,
        "by patient group: SHA-256(%skey), first 8 hex digits, last 3 decimal digits reversed, %s%d",
        seed == 0 ? "" : seed + ":",
        foldStart() == 0 ? "below " : foldStart() + " to below ",
        foldEnd());
  }

  private long foldStart() {
    return Math.round((fold - 1) * fraction * STEPS);
  }

  /** The last fold has the remainder of rounding; a single fold has exactly the fraction. */
  private long foldEnd() {
    boolean last = fold > 1 && fold == Math.round(1 / fraction);
    return last ? STEPS : Math.round(fold * fraction * STEPS);
  }

  private static long hash(String key) {
    return Long.parseLong(Sha256.hex(key).substring(0, 8), 16);
  }
}
