package dev.cxr.data.download;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.download.RemoteFile;
import java.net.URI;
import java.util.List;

/**
 * A dataset that anyone can download.
 *
 * @param title name and edition
 * @param fileName of its archive
 * @param file address, size and checksum of the archive
 * @param licence name and address
 * @param citations that the publisher requests
 * @param changes made to the files, which the licence requires to be stated
 * @param folderName default name of the folder
 * @param unpackedBytes maximum size of the folder
 * @param unpacker turns the archive into the folder
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

  /**
   * Uses another server, which has the archive under the same name.
   *
   * @param base address of the folder with the archive
   * @return the dataset with this address
   * @throws UserErrorException if it is not an http or https address, or has a query or fragment
   */
  public PublicDataset withBaseUri(URI base) {
    if (base.getRawQuery() != null || base.getRawFragment() != null) {
      throw UsageErrorException.of(
          "the address of a folder", "an address with ? or #", "Remove the part from there on.");
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
