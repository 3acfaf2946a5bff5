package dev.cxr.data.download.collection;

import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.ValidationRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps an archive as it is, for one that {@code --data} takes. */
final class WholeArchive implements Unpacking {

  @Override
  public Unpacked unpack(Path archive, Path folder) throws IOException {
    Catalogue catalogue = Catalogue.open(archive.toString(), ValidationRule.DEFAULT);
    Path name = archive.getFileName();
    Files.copy(archive, folder.resolve(name));
    return new Unpacked(catalogue.xrays().size(), name);
  }
}
