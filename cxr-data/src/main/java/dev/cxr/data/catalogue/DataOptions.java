package dev.cxr.data.catalogue;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which every command is told its collection. */
public final class DataOptions {

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "The collection: a folder train|val|test / NORMAL|PNEUMONIA, or 'synthetic' for the"
              + " built-in sample (the default).")
  private @Nullable String data;

  /** Whether a collection was named. */
  public boolean isGiven() {
    return data != null;
  }

  /** As it was typed; the built-in sample where nothing was. */
  public String data() {
    return data == null ? Catalogue.SYNTHETIC : data;
  }

  /**
   * Opens the collection.
   *
   * @param rule which patient groups of the training pictures validate
   * @throws dev.cxr.data.shell.Refusal if there is no such collection
   * @throws IOException if it cannot be read
   */
  public Catalogue open(ValidationRule rule) throws IOException {
    return Catalogue.open(data(), rule);
  }
}
