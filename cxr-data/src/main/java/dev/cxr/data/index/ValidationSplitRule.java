package dev.cxr.data.index;

import dev.cxr.common.files.Sha256;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Which patient groups validate: a fixed draw by hash, so that adding images moves no patient.
 *
 * <p>h is the first eight hex digits of SHA-256(key) as an integer. Its last decimal digits, read
 * backwards, are a number in [0, 1) — the last digit gives the tenths — and a group validates if
 * that number lies in the fold: below the fraction for the first, which for a tenth is h mod 10 =
 * 0, between the fraction and twice the fraction for the second, and so on. Each group validates in
 * exactly one of the folds, none of which shares a patient with another.
 *
 * @param source where validation images come from
 * @param fraction share of the patient groups that validate, above 0 and below 1, in steps of 0.001
 * @param seed another draw: other than 0 it is put before the key
 * @param fold which of the {@code round(1 / fraction)} folds validates, from 1
 */
public record ValidationSplitRule(ValidationSource source, double fraction, long seed, int fold) {

  /** Where validation images come from. */
  public enum ValidationSource {
    /** Patient groups drawn from the training images. */
    GROUPS,
    /** The collection's own validation split, such as a {@code val} folder. */
    FOLDER
  }

  /** A tenth of the patient groups. */
  public static final ValidationSplitRule DEFAULT =
      new ValidationSplitRule(ValidationSource.GROUPS, 0.1, 0, 1);

  private static final int DIGIT_COUNT = 3;
  private static final int STEPS = 1000;

  /** Refuses a fraction that leaves nothing to one side, and a fold that there is not. */
  public ValidationSplitRule {
    long thousandths = Math.round(fraction * STEPS);
    if (thousandths < 1 || thousandths >= STEPS) {
      throw new IllegalArgumentException("a fraction from 0.001 to 0.999, not " + fraction);
    }
    long folds = Math.round(1 / fraction);
    if (fold < 1 || fold > folds) {
      throw new IllegalArgumentException(
          "a fold from 1 to %d, as a fraction of %s makes, not %d"
              .formatted(folds, fraction, fold));
    }
  }

  /**
   * The rules of a cross-validation: each patient group validates in exactly one of them.
   *
   * @param count how many, 2 to 1000
   * @param seed of the draw
   */
  public static List<ValidationSplitRule> folds(int count, long seed) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(fold -> new ValidationSplitRule(ValidationSource.GROUPS, 1.0 / count, seed, fold))
        .toList();
  }

  /** Whether the images of this patient group validate. */
  public boolean isValidation(String patient) {
    long hash = hash(seed == 0 ? patient : seed + ":" + patient);
    long reversed = 0;
    for (int i = 0; i < DIGIT_COUNT; i++) {
      reversed = reversed * 10 + hash % 10;
      hash /= 10;
    }
    return foldStart() <= reversed && reversed < foldEnd();
  }

  /** The rule in words, as a bundle states it. */
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

  /** The last fold takes what rounding leaves; a lone first one is as large as was asked for. */
  private long foldEnd() {
    boolean last = fold > 1 && fold == Math.round(1 / fraction);
    return last ? STEPS : Math.round(fold * fraction * STEPS);
  }

  private static long hash(String key) {
    return Long.parseLong(Sha256.hex(key).substring(0, 8), 16);
  }
}
