package dev.cxr.data.catalogue;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/** Where the pixels of one X-ray come from. */
public sealed interface PixelSource {

  /**
   * Reads the picture at its own size.
   *
   * @throws IOException if it cannot be read or decoded; the message names the source
   */
  GrayImage read() throws IOException;

  /** Where the pixels are, which no other source shares. */
  String origin();

  /** Changes when the pixels may have changed, without reading them. */
  String stamp() throws IOException;

  /** An image file. */
  record ImageFile(Path path) implements PixelSource {
    @Override
    public GrayImage read() throws IOException {
      return ImageDecoder.decode(path);
    }

    @Override
    public String origin() {
      return path.toAbsolutePath().normalize().toString();
    }

    @Override
    public String stamp() throws IOException {
      return stampOf(path);
    }
  }

  /** One of the pictures of an array in a MedMNIST archive. */
  record ArchivedImage(NpyImages images, int index) implements PixelSource {
    @Override
    public GrayImage read() throws IOException {
      return images.read(index);
    }

    @Override
    public String origin() {
      return "%s %s %d"
          .formatted(images.archive().toAbsolutePath().normalize(), images.name(), index);
    }

    @Override
    public String stamp() throws IOException {
      return stampOf(images.archive());
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
    public String origin() {
      return "synthetic %s %d %d %d".formatted(finding, patientSeed, imageSeed, side);
    }

    /** The version of the drawing: raise it when it gives other pixels than before. */
    @Override
    public String stamp() {
      return "1";
    }
  }

  private static String stampOf(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return attributes.size() + " " + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
  }
}
