package dev.cxr.data.catalogue;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the pixels of one X-ray come from. */
public sealed interface PixelSource {

  /**
   * Reads the picture at its own size.
   *
   * @throws IOException if it cannot be read or decoded; the message names the source
   */
  GrayImage read() throws IOException;

  /** Changes when the pixels may have changed, without reading them. */
  String stamp() throws IOException;

  /** An image file. */
  record ImageFile(Path path) implements PixelSource {
    @Override
    public GrayImage read() throws IOException {
      return ImageDecoder.decode(path);
    }

    @Override
    public String stamp() throws IOException {
      return "%s %d %s"
          .formatted(
              path.toAbsolutePath().normalize(),
              Files.size(path),
              Files.getLastModifiedTime(path).toInstant());
    }
  }

  /** One of the pictures of an array in a MedMNIST archive. */
  record ArchivedImage(NpyImages images, int index) implements PixelSource {
    @Override
    public GrayImage read() throws IOException {
      return images.read(index);
    }

    @Override
    public String stamp() throws IOException {
      return images.stamp() + " " + index;
    }
  }

  /** A picture that is drawn, not taken. */
  record Synthetic(Finding finding, long patientSeed, long imageSeed, int side)
      implements PixelSource {
    @Override
    public GrayImage read() {
      return SyntheticXray.draw(finding, patientSeed, imageSeed, side);
    }

    @Override
    public String stamp() {
      return "synthetic 1 %s %d %d %d".formatted(finding, patientSeed, imageSeed, side);
    }
  }
}
