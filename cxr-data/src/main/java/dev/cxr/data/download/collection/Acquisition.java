package dev.cxr.data.download.collection;

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
public final class Acquisition {

  private static final String NOTICE = "LICENCE.txt";

  private final PublicCollection collection;
  private final Path out;

  /** To make {@code out}, which must not exist yet. */
  public Acquisition(PublicCollection collection, Path out) {
    this.collection = collection;
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
      Path archive = out.normalize().resolveSibling(collection.fileName());
      boolean fetched =
          new Downloader().fetch(collection.file(), archive, collection.unpackedBytes());
      Unpacking.Unpacked unpacked = unpack(archive);
      if (fetched) {
        Files.delete(archive);
      }
      tell(unpacked, archive, fetched);
    }
  }

  private Unpacking.Unpacked unpack(Path archive) throws IOException {
    try (AtomicFolder folder = AtomicFolder.create(out)) {
      Unpacking.Unpacked unpacked = collection.unpacking().unpack(archive, folder.path());
      Files.writeString(folder.path().resolve(NOTICE), notice() + provenance());
      folder.commit();
      return unpacked;
    }
  }

  private String notice() {
    String size =
        collection.file().size().isPresent()
            ? ", " + Megabytes.format(collection.file().size().getAsLong())
            : "";
    return """
        %s%s
        Licence: %s
        %s
        """
        .formatted(
            collection.title(),
            size,
            collection.licence(),
            collection.citations().stream()
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
            collection.file().uri(),
            collection.fileName(),
            collection.file().checksum(),
            collection.changes());
  }

  private void tell(Unpacking.Unpacked unpacked, Path archive, boolean fetched) {
    System.out.printf("%d pictures in %s, with %s.%n", unpacked.pictures(), out, NOTICE);
    System.out.println(
        fetched
            ? "%s has been removed: the folder holds all its pictures.".formatted(archive)
            : "%s is still there: it was before.".formatted(archive));
    System.out.printf(
        """
        Next:   mvn -q -pl cxr-data exec:java -Dexec.args="audit --data %1$s"
                mvn -q -pl cxr-train exec:java -Dexec.args="--data %1$s"
        """,
        out.resolve(unpacked.data()));
  }
}
