package dev.cxr.common.download;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Fetches a file in a process of its own: address, size, SHA-256, target. */
final class DownloadProcess {

  private DownloadProcess() {}

  public static void main(String... arguments) throws IOException {
    RemoteFile file =
        new RemoteFile(
            URI.create(arguments[0]),
            OptionalLong.of(Long.parseLong(arguments[1])),
            Checksum.sha256(arguments[2]));
    new Downloader().fetch(file, Path.of(arguments[3]), 0);
  }
}
