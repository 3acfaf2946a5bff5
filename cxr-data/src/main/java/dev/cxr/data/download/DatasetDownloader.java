package dev.cxr.data.download;

import dev.cxr.common.cli.SuggestedCommand;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.download.Downloader;
import dev.cxr.common.download.Megabytes;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.common.files.FileLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Downloads a public dataset into a folder for {@code --data}. */
public final class DatasetDownloader {

  private static final String LICENCE_FILE = "LICENCE.txt";

  private final PublicDataset dataset;
  private final Path out;

  /**
   * Prepares a download.
   *
   * @param dataset to download
   * @param out the folder to create, which must not exist yet
   */
  public DatasetDownloader(PublicDataset dataset, Path out) {
    this.dataset = dataset;
    this.out = out;
  }

  /**
   * Prints title and licence of the dataset, downloads its archive beside the folder, unpacks it
   * and prints what to do next. Deletes the archive afterwards, unless it existed before.
   *
   * @throws UserErrorException if the folder exists, the archive cannot be downloaded or has
   *     unexpected contents
   * @throws IOException if the disk cannot be read or written
   */
  @SuppressWarnings("try") // the lock is held, not used
  public void run() throws IOException {
    Path folder = out.toAbsolutePath().normalize();
    Files.createDirectories(folder.resolveSibling(""));
    try (FileLock claim = FileLock.acquire(folder)) {
      if (Files.exists(folder)) {
        throw UserErrorException.of(
            "a new folder to create",
            "that %s exists already".formatted(out),
            "Use it with --data, or give another folder with --out.");
      }
      System.out.print(notice());
      Path archive = out.normalize().resolveSibling(dataset.fileName());
      boolean fetched = new Downloader().fetch(dataset.file(), archive, dataset.unpackedBytes());
      int images = unpack(archive);
      if (fetched) {
        Files.delete(archive);
      }
      printResult(images, archive, fetched);
    }
  }

  private int unpack(Path archive) throws IOException {
    try (AtomicFolder folder = AtomicFolder.create(out)) {
      int images = dataset.unpacker().unpack(archive, folder.path());
      Files.writeString(folder.path().resolve(LICENCE_FILE), notice() + provenance());
      folder.commit();
      return images;
    }
  }

  private String notice() {
    String size =
        dataset.file().size().stream()
            .mapToObj(bytes -> ", " + Megabytes.format(bytes))
            .collect(Collectors.joining());
    return """
        %s%s
        Licence: %s
        Cite:    %s
        """
        .formatted(
            dataset.title(),
            size,
            dataset.licence(),
            String.join("\nCite:    ", dataset.citations()));
  }

  private String provenance() {
    return """
        From:    %s
        File:    %s, %s
        Changes: %s
        """
        .formatted(
            dataset.file().uri(), dataset.fileName(), dataset.file().checksum(), dataset.changes());
  }

  private void printResult(int images, Path archive, boolean fetched) {
    System.out.printf("%d images in %s, with %s.%n", images, out, LICENCE_FILE);
    System.out.println(
        fetched
            ? "%s was deleted: the folder contains all its images.".formatted(archive)
            : "%s was kept: it existed before.".formatted(archive));
    Path copy = out.resolve(dataset.fileName());
    Path data = Files.exists(copy) ? copy : out;
    System.out.println("Next:   " + command("cxr-data", "audit", data));
    System.out.println("        " + command("cxr-train", "train", data));
  }

  private static String command(String module, String name, Path data) {
    return SuggestedCommand.of(module, name).option("--data", data).line();
  }
}
