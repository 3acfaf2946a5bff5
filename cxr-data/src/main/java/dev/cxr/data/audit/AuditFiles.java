package dev.cxr.data.audit;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes {@code audit.html} and {@code audit.json}. Equal datasets give equal bytes. */
public final class AuditFiles {

  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .registerTypeAdapter(
              Split.class,
              (JsonSerializer<Split>) (split, type, context) -> new JsonPrimitive(split.toString()))
          .create();

  private AuditFiles() {}

  /**
   * Writes both files.
   *
   * @param report the result of the audit
   * @param dataset the audited dataset, from which the page shows some images
   * @param folder an existing folder
   * @throws IOException if an image cannot be read or a file cannot be written
   */
  public static void write(AuditReport report, DatasetIndex dataset, Path folder)
      throws IOException {
    Files.writeString(folder.resolve("audit.json"), GSON.toJson(report) + "\n");
    Files.writeString(folder.resolve("audit.html"), AuditPage.render(report, dataset));
  }
}
