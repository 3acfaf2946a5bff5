package dev.cxr.data.cli;

import dev.cxr.data.download.DatasetDownloader;
import dev.cxr.data.download.DatasetSource;
import dev.cxr.data.download.PublicDataset;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Downloads a public dataset. */
@Command(
    name = "download",
    description =
        "Download a public chest X-ray dataset and unpack it into a folder for --data. After an"
            + " interruption the same command resumes.",
    footer = {
      "No other command uses the network, except for weights named by a URL. Set a proxy with"
          + " -Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT before -Dexec.args."
    })
public final class DownloadCommand implements Callable<Integer> {

  @Option(
      names = "--source",
      required = true,
      description =
          "mendeley: 5,856 X-rays of Kermany et al. in original size, 1.2 GB."
              + " pneumoniamnist: the same X-rays, small and square, 4 to 214 MB.")
  private DatasetSource source = DatasetSource.MENDELEY;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      description = "Image size of pneumoniamnist: 28, 64, 128 or 224 (default: 224).")
  private @Nullable Integer size;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder to create (default: runs/chest_xray or runs/pneumoniamnist_SIZE). The archive"
              + " is stored beside it until it is unpacked.")
  private @Nullable Path out;

  @Option(
      names = "--mirror",
      paramLabel = "URL",
      description =
          "Download the archive from this folder of another server, under its published name."
              + " Size and checksum must match the published ones.")
  private @Nullable URI mirror;

  @Override
  public Integer call() throws IOException {
    PublicDataset published =
        source.dataset(size == null ? OptionalInt.empty() : OptionalInt.of(size));
    PublicDataset dataset = mirror == null ? published : published.withBaseUri(mirror);
    Path folder = out == null ? Path.of("runs", dataset.folderName()) : out;
    new DatasetDownloader(dataset, folder).run();
    return 0;
  }
}
