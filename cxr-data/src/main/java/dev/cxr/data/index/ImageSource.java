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
   * Reads the image.
   *
   * @return the image at its original size
   * @throws IOException if it cannot be read or decoded; the message names the source
   */
  GrayImage read() throws IOException;

  /** {@return where the pixels are; different for each source} */
  String location();

  /**
   * Returns a string that changes whenever the pixels may have changed, without reading them.
   *
   * @return for a file its size and time of change
   * @throws IOException if there is no file at the location
   */
  String versionStamp() throws IOException;

  /**
   * An image file.
   *
   * @param path of the file
   * @param window which of several windows of a DICOM file to apply, from 1
   */
  record FileSource(Path path, int window) implements ImageSource {

    /**
     * A file whose first window is applied.
     *
     * @param path of the file
     */
    public FileSource(Path path) {
      this(path, 1);
    }

    @Override
    public GrayImage read() throws IOException {
      return ImageDecoder.decode(path, window);
    }

    @Override
    public String location() {
      return path.toAbsolutePath().normalize().toString();
    }

    @Override
    public String versionStamp() throws IOException {
      return fileVersionStamp(path) + (window == 1 ? "" : " window " + window);
    }
  }

  /**
   * One of the images of an array in a MedMNIST archive.
   *
   * @param images the array
   * @param index in it, from 0
   */
  record NpzSource(NpyArray images, int index) implements ImageSource {
    @Override
    public GrayImage read() throws IOException {
      return images.image(index);
    }

    @Override
    public String location() {
      return images.location() + " " + index;
    }

    @Override
    public String versionStamp() throws IOException {
      return fileVersionStamp(images.archive());
    }
  }

  /**
   * A generated image.
   *
   * @param finding which it shows
   * @param patientSeed determines the anatomy
   * @param imageSeed determines position, exposure, noise and the extent of the finding
   * @param side rows and columns
   */
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

    /** The version of the generator: raise it when the same seeds give other pixels. */
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
