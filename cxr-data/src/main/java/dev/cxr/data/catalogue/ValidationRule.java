package dev.cxr.data.catalogue;

import dev.cxr.data.files.Sha256;
import java.util.Comparator;
import java.util.List;

/**
 * Which patient groups validate: a fixed draw by hash, so that adding pictures moves no patient.
 *
 * <p>h is the first eight hex digits of SHA-256(key) as an integer. Its last decimal digits, read
 * backwards, are a number in [0, 1) — the last digit gives the tenths — and a group validates if
 * that number is below the fraction. For a tenth this is h mod 10 = 0.
 *
 * @param source where validation pictures come from
 * @param fraction share of the patient groups that validate, above 0 and below 1, in steps of 0.001
 * @param seed another draw: above 0 it is put before the key
 */
public record ValidationRule(Source source, double fraction, long seed) {

  /** Where validation pictures come from. */
  public enum Source {
    /** Patient groups drawn from the training pictures. */
    GROUPS,
    /** The collection's own validation split. */
    FOLDER
  }

  /** A tenth of the patient groups. */
  public static final ValidationRule DEFAULT = new ValidationRule(Source.GROUPS, 0.1, 0);

  private static final int DIGITS = 3;

  /** Refuses a fraction that leaves nothing to one side. */
  public ValidationRule {
    long thousandths = Math.round(fraction * 1000);
    if (thousandths < 1 || thousandths > 999) {
      throw new IllegalArgumentException("a fraction from 0.001 to 0.999, not " + fraction);
    }
  }

  /** Whether the pictures of this patient group validate. */
  public boolean validates(String patient) {
    long h = hash(seed == 0 ? patient : seed + ":" + patient);
    long backwards = 0;
    for (int i = 0; i < DIGITS; i++) {
      backwards = backwards * 10 + h % 10;
      h /= 10;
    }
    return backwards < Math.round(fraction * 1000);
  }

  /** The rule in words, as a bundle states it. */
  public String inWords() {
    return "by patient group: SHA-256(%skey), first 8 hex digits, last 3 decimal digits reversed, below %s"
        .formatted(seed == 0 ? "" : seed + ":", Math.round(fraction * 1000));
  }

  /** The training pictures, those of validating patients moved to validation. */
  List<Xray> drawFrom(List<Xray> train) {
    return train.stream()
        .map(x -> validates(x.patient()) ? x.in(Split.VALIDATION) : x)
        .sorted(Comparator.comparing(Xray::split).thenComparing(Xray::id))
        .toList();
  }

  private static long hash(String key) {
    return Long.parseLong(Sha256.hex(key).substring(0, 8), 16);
  }
}
