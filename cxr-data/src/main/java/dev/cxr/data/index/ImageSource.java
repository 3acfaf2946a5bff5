package dev.cxr.data.index;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/** Where the pixels of one X-ray come from. */
public sealed interface ImageSource {

  /**
   * Reads the image at its own size.
   *
   * @throws IOException if it cannot be read or decoded; the message names the source
   */
  GrayImage read() throws IOException;

  /** Where the pixels are, which no other source shares. */
  String location();

  /** Changes when the pixels may have changed, without reading them. */
  String versionStamp() throws IOException;

  /** An image file. */
  record FileSource(Path path) implements ImageSource {
    @Override
    public GrayImage read() throws IOException {
      return ImageDecoder.decode(path);
    }

    @Override
    public String location() {
      return path.toAbsolutePath().normalize().toString();
    }

    @Override
    public String versionStamp() throws IOException {
      return fileVersionStamp(path);
    }
  }

  /** One of the images of an array in a MedMNIST archive. */
  record NpzSource(NpyImages images, int index) implements ImageSource {
    @Override
    public GrayImage read() throws IOException {
      return images.read(index);
    }

    @Override
    public String location() {
      return "%s %s %d"
          .formatted(images.archive().toAbsolutePath().normalize(), images.name(), index);
    }

    @Override
    public String versionStamp() throws IOException {
      return fileVersionStamp(images.archive());
    }
  }

  /** An image that is drawn, not taken. */
  record SyntheticSource(Finding finding, long patientSeed, long imageSeed, int side)
      implements ImageSource {
    @Override
    public GrayImage read() {
      return SyntheticXray.render(finding, patientSeed, imageSeed, side);
    }

    @Override
    public String location() {
      return "synthetic %s %d %d %d".formatted(finding, patientSeed, imageSeed, side);
    }

    /** The version of the drawing: raise it when it gives other pixels than before. */
    @Override
    public String versionStamp() {
      return "1";
    }
  }

  private static String fileVersionStamp(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return attributes.size() + " " + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
  }
}
