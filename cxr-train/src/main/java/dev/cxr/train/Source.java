package dev.cxr.train;

import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.DataOptions;
import dev.cxr.data.catalogue.Format;
import dev.cxr.data.catalogue.ValidationRule;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a run's pictures come from, as a run folder remembers it.
 *
 * @param data an absolute path, or {@link Catalogue#SYNTHETIC}
 * @param format null where the path tells
 */
record Source(String data, @Nullable Format format) {

  static Source of(DataOptions options) {
    String data = options.data();
    return new Source(
        data.equals(Catalogue.SYNTHETIC) ? data : Path.of(data).toAbsolutePath().toString(),
        options.format().orElse(null));
  }

  /** Opens the collection, with the validation split that the rule draws. */
  Catalogue open(ValidationRule rule) throws IOException {
    return format == null ? Catalogue.open(data, rule) : Catalogue.open(data, format, rule);
  }

  /** The command that judges a bundle on the test split of this collection. */
  String evaluate(Path bundle) {
    return "mvn -q -pl cxr-eval exec:java -Dexec.args=\"evaluate --bundle %s%s%s\""
        .formatted(
            bundle,
            data.equals(Catalogue.SYNTHETIC) ? "" : " --data " + fromHere(),
            format == null ? "" : " --format " + format);
  }

  /** Short where the collection lies below the folder that commands are typed in. */
  private Path fromHere() {
    Path here = Path.of("").toAbsolutePath();
    Path path = Path.of(data);
    return path.startsWith(here) ? here.relativize(path) : path;
  }
}
