package dev.cxr.train.run;

import dev.cxr.data.cli.DataOptions;
import dev.cxr.data.index.DatasetFormat;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a run's pictures come from, as a run folder remembers it.
 *
 * @param data an absolute path, or {@link DatasetIndex#SYNTHETIC}
 * @param format null where the path tells
 */
public record DatasetLocation(String data, @Nullable DatasetFormat format) {

  public static DatasetLocation of(DataOptions options) {
    String data = options.data();
    return new DatasetLocation(
        data.equals(DatasetIndex.SYNTHETIC) ? data : Path.of(data).toAbsolutePath().toString(),
        options.format().orElse(null));
  }

  /** Opens the collection, with the validation split that the rule draws. */
  DatasetIndex openDataset(ValidationSplitRule rule) throws IOException {
    return format == null ? DatasetReader.read(data, rule) : DatasetReader.read(data, format, rule);
  }

  /** The command that judges a bundle on the test split of this collection. */
  public String evaluateCommand(Path bundle) {
    return "mvn -q -pl cxr-eval exec:java -Dexec.args=\"evaluate --bundle %s%s%s\""
        .formatted(
            bundle,
            data.equals(DatasetIndex.SYNTHETIC) ? "" : " --data " + relativePath(),
            format == null ? "" : " --format " + format);
  }

  /** Short where the collection lies below the folder that commands are typed in. */
  private Path relativePath() {
    Path workingFolder = Path.of("").toAbsolutePath();
    Path path = Path.of(data);
    return path.startsWith(workingFolder) ? workingFolder.relativize(path) : path;
  }
}
