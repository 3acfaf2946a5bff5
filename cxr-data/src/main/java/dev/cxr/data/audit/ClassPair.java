package dev.cxr.data.audit;

import com.google.gson.TypeAdapter;
import com.google.gson.annotations.JsonAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import dev.cxr.data.index.ClassNames;
import dev.cxr.data.index.Finding;
import java.io.IOException;
import java.util.List;

/**
 * Two classes to be separated; JSON contains them as {@code normal-vs-pneumonia}.
 *
 * @param name in JSON
 * @param first the name of the first class
 * @param second the name of the second class
 */
@JsonAdapter(ClassPair.Json.class)
public record ClassPair(String name, String first, String second) {

  /** Normal against any pneumonia. */
  public static final ClassPair NORMAL_VS_PNEUMONIA =
      new ClassPair("normal-vs-pneumonia", "NORMAL", "PNEUMONIA");

  /** Bacterial against viral pneumonia; images without a stated cause are left out. */
  public static final ClassPair BACTERIAL_VS_VIRAL =
      new ClassPair("bacterial-vs-viral", "BACTERIAL_PNEUMONIA", "VIRAL_PNEUMONIA");

  /** Of classes of one's own, the first against each of the others. */
  static List<ClassPair> of(ClassNames names) {
    List<String> classes = names.classes();
    return names.isOwn()
        ? classes.stream()
            .skip(1)
            .map(other -> new ClassPair(classes.get(0) + "-vs-" + other, classes.get(0), other))
            .toList()
        : List.of(NORMAL_VS_PNEUMONIA, BACTERIAL_VS_VIRAL);
  }

  boolean isFirst(Finding finding) {
    return matches(finding, first);
  }

  boolean isSecond(Finding finding) {
    return matches(finding, second);
  }

  private static boolean matches(Finding finding, String className) {
    return finding.name().equals(className)
        || (finding.isPneumonia() && className.equals(Finding.PNEUMONIA.name()));
  }

  static final class Json extends TypeAdapter<ClassPair> {
    @Override
    public void write(JsonWriter out, ClassPair pair) throws IOException {
      out.value(pair.name);
    }

    @Override
    public ClassPair read(JsonReader in) {
      throw new UnsupportedOperationException("reports are only written");
    }
  }
}
