package dev.cxr.data.download;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.download.Downloader;
import dev.cxr.common.download.Megabytes;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.common.files.FileLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Fetches a public collection and leaves a folder that can be given to {@code --data}. */
public final class DatasetDownloader {

  private static final String LICENCE_FILE = "LICENCE.txt";

  private final PublicDataset dataset;
  private final Path out;

  /** To make {@code out}, which must not exist yet. */
  public DatasetDownloader(PublicDataset dataset, Path out) {
    this.dataset = dataset;
    this.out = out;
  }

  /**
   * Says what the collection is and under which licence, fetches its archive to beside the folder,
   * unpacks it, and says what to do next. An archive that this fetched is removed again; one that
   * stood there stays.
   *
   * @throws UserErrorException if the folder exists, the archive cannot be had or it is not as
   *     published
   * @throws IOException if the disk cannot be read or written
   */
  @SuppressWarnings("try") // the claim is held, not used
  public void run() throws IOException {
    Path folder = out.toAbsolutePath().normalize();
    Path parent = folder.getParent();
    if (parent == null) {
      throw UserErrorException.ofUsage(
          "a folder to make", out.toString(), "Name one inside another.");
    }
    Files.createDirectories(parent);
    try (FileLock claim = FileLock.acquire(folder)) {
      if (Files.exists(folder)) {
        throw UserErrorException.of(
            "a new folder to make",
            "that %s exists already".formatted(out),
            "Give it to --data if it is what you want, or name another with --out.");
      }
      System.out.print(notice());
      Path archive = out.normalize().resolveSibling(dataset.fileName());
      boolean fetched = new Downloader().fetch(dataset.file(), archive, dataset.unpackedBytes());
      ArchiveUnpacker.UnpackedDataset unpacked = unpack(archive);
      if (fetched) {
        Files.delete(archive);
      }
      printResult(unpacked, archive, fetched);
    }
  }

  private ArchiveUnpacker.UnpackedDataset unpack(Path archive) throws IOException {
    try (AtomicFolder folder = AtomicFolder.create(out)) {
      ArchiveUnpacker.UnpackedDataset unpacked = dataset.unpacker().unpack(archive, folder.path());
      Files.writeString(folder.path().resolve(LICENCE_FILE), notice() + provenance());
      folder.commit();
      return unpacked;
    }
  }

  private String notice() {
    String size =
        dataset.file().size().isPresent()
            ? ", " + Megabytes.format(dataset.file().size().getAsLong())
            : "";
    return """
        %s%s
        Licence: %s
        %s
        """
        .formatted(
            dataset.title(),
            size,
            dataset.licence(),
            dataset.citations().stream()
                .map(citation -> "Cite:    " + citation)
                .collect(Collectors.joining("\n")));
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

  private void printResult(
      ArchiveUnpacker.UnpackedDataset unpacked, Path archive, boolean fetched) {
    System.out.printf("%d images in %s, with %s.%n", unpacked.imageCount(), out, LICENCE_FILE);
    System.out.println(
        fetched
            ? "%s has been removed: the folder holds all its images.".formatted(archive)
            : "%s is still there: it was before.".formatted(archive));
    System.out.printf(
        """
        Next:   mvn -q -pl cxr-data exec:java -Dexec.args="audit --data %1$s"
                mvn -q -pl cxr-train exec:java -Dexec.args="--data %1$s"
        """,
        out.resolve(unpacked.dataPath()));
  }
}
