package dev.cxr.data.download;

import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Copies an archive that {@code --data} accepts without unpacking. */
final class ArchiveCopier implements ArchiveUnpacker {

  @Override
  public UnpackedDataset unpack(Path archive, Path folder) throws IOException {
    DatasetIndex index = DatasetReader.read(archive.toString(), ValidationSplitRule.DEFAULT);
    Path name = archive.getFileName();
    Files.copy(archive, folder.resolve(name));
    return new UnpackedDataset(index.xrays().size(), name);
  }
}
