package dev.cxr.data.index;

import com.google.gson.TypeAdapter;
import com.google.gson.annotations.JsonAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The diagnosis of a radiograph, as its dataset states it: one of four that are built in, or the
 * name of a class of one's own, see {@link ClassNames}.
 *
 * <p>Ordered: the constants as below, then other names alphabetically. JSON contains the name.
 *
 * @param name as reports show it
 * @since 0.1
 */
@JsonAdapter(Finding.Json.class)
public record Finding(String name) implements Comparable<Finding> {

  /** No finding. */
  public static final Finding NORMAL = new Finding("NORMAL");

  /** Pneumonia of bacterial cause. */
  public static final Finding BACTERIAL_PNEUMONIA = new Finding("BACTERIAL_PNEUMONIA");

  /** Pneumonia of viral cause. */
  public static final Finding VIRAL_PNEUMONIA = new Finding("VIRAL_PNEUMONIA");

  /** Pneumonia of a cause that the dataset does not state. */
  public static final Finding PNEUMONIA = new Finding("PNEUMONIA");

  /** The findings that datasets can name without a declaration. */
  public static final List<Finding> BUILT_IN =
      List.of(NORMAL, BACTERIAL_PNEUMONIA, VIRAL_PNEUMONIA, PNEUMONIA);

  private static final Pattern SEPARATORS = Pattern.compile("[\\s_-]+");

  private static final Map<String, Finding> SHORT_NAMES =
      Map.of(
          "BACTERIAL", BACTERIAL_PNEUMONIA,
          "BACTERIA", BACTERIAL_PNEUMONIA,
          "VIRAL", VIRAL_PNEUMONIA,
          "VIRUS", VIRAL_PNEUMONIA);

  private static final Comparator<Finding> ORDER =
      Comparator.<Finding>comparingInt(
              finding -> Math.floorMod(BUILT_IN.indexOf(finding), BUILT_IN.size() + 1))
          .thenComparing(Finding::name);

  /** {@return whether this is a pneumonia of any cause} */
  public boolean isPneumonia() {
    return equals(PNEUMONIA) || equals(BACTERIAL_PNEUMONIA) || equals(VIRAL_PNEUMONIA);
  }

  /** {@return the name for people: {@code viral pneumonia}; names of one's own as they are} */
  public String displayName() {
    return BUILT_IN.contains(this) ? name.toLowerCase(Locale.ROOT).replace('_', ' ') : name;
  }

  /**
   * Compares the findings of two copies of one image.
   *
   * @param other another finding
   * @return whether one image can have both: a pneumonia of unstated cause is compatible with
   *     either cause
   */
  public boolean isCompatibleWith(Finding other) {
    return equals(other)
        || (isPneumonia() && other.isPneumonia() && (equals(PNEUMONIA) || other.equals(PNEUMONIA)));
  }

  /**
   * {@return whether one image can have all of these findings}
   *
   * @param findings of copies of one image
   */
  public static boolean areCompatible(Collection<Finding> findings) {
    return findings.stream().allMatch(one -> findings.stream().allMatch(one::isCompatibleWith));
  }

  /**
   * The built-in finding with a name such as {@code Viral Pneumonia}, {@code viral-pneumonia} or
   * {@code viral}.
   */
  static Optional<Finding> parse(String name) {
    String key = key(name);
    return BUILT_IN.stream()
        .filter(finding -> finding.name.equals(key))
        .findFirst()
        .or(() -> Optional.ofNullable(SHORT_NAMES.get(key)));
  }

  /** A name without what writers vary: case, spaces, dashes and underscores. */
  static String key(String name) {
    return SEPARATORS.matcher(name.strip().toUpperCase(Locale.ROOT)).replaceAll("_");
  }

  @Override
  public int compareTo(Finding other) {
    return ORDER.compare(this, other);
  }

  /** {@return the name} */
  @Override
  public String toString() {
    return name;
  }

  static final class Json extends TypeAdapter<Finding> {
    @Override
    public void write(JsonWriter out, Finding finding) throws IOException {
      out.value(finding.name);
    }

    @Override
    public Finding read(JsonReader in) throws IOException {
      return new Finding(in.nextString());
    }
  }
}
