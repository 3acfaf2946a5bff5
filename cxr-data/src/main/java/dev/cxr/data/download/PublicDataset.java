package dev.cxr.data.download;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.download.RemoteFile;
import java.net.URI;
import java.util.List;

/**
 * A collection that its publisher lets anyone fetch.
 *
 * @param title what it is, and which edition
 * @param fileName of its archive
 * @param file where the archive is, and what is published of it
 * @param licence its name and address
 * @param citations what the publisher asks to be cited
 * @param changes what becomes of the files on the way to the folder, for a licence that asks it
 * @param folderName what to call the folder
 * @param unpackedBytes how much room that takes, at most
 * @param unpacker how the archive becomes the folder
 */
public record PublicDataset(
    String title,
    String fileName,
    RemoteFile file,
    String licence,
    List<String> citations,
    String changes,
    String folderName,
    long unpackedBytes,
    ArchiveUnpacker unpacker) {

  /** Keeps what it was given as it is. */
  public PublicDataset {
    citations = List.copyOf(citations);
  }

  /**
   * The same collection from another server that has the archive under its own name.
   *
   * @param base the folder that the archive is in
   * @throws UserErrorException if it is no http or https address, or has a query
   */
  public PublicDataset withBaseUri(URI base) {
    if (base.getRawQuery() != null || base.getRawFragment() != null) {
      throw UserErrorException.ofUsage(
          "the address of a folder", "one with ? or # in it", "Give it without.");
    }
    String text = base.toString();
    URI mirrored = URI.create(text + (text.endsWith("/") ? "" : "/") + fileName);
    return new PublicDataset(
        title,
        fileName,
        file.withUri(mirrored),
        licence,
        citations,
        changes,
        folderName,
        unpackedBytes,
        unpacker);
  }
}
