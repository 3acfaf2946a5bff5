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

/**
 * The files that an audit leaves: {@code audit.html} for people and {@code audit.json} for
 * programs. Equal collections give the same bytes.
 */
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
   * Writes both.
   *
   * @param dataset the one the report is of: the page shows some of its pictures
   * @param folder an existing folder
   * @throws IOException if a picture can no longer be read, or a file not be written
   */
  public static void write(AuditReport report, DatasetIndex dataset, Path folder)
      throws IOException {
    Files.writeString(folder.resolve("audit.json"), GSON.toJson(report) + "\n");
    Files.writeString(folder.resolve("audit.html"), AuditPage.render(report, dataset));
  }
}
