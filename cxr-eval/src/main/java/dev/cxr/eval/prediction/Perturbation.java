package dev.cxr.eval.prediction;

import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.AugmentationKind;
import dev.cxr.data.augment.Augmenter;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.Resampler;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.function.UnaryOperator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * A change to an image at the model's input size that keeps the finding, or hides the lungs: a
 * model that still discriminates without lungs uses something else.
 */
@SuppressWarnings("ImmutableEnumChecker") // neither the change nor the augmenter has a state
public enum Perturbation {
  /** Contrast about middle gray times 0.6. */
  LOW_CONTRAST("contrast × 0.6", only(AugmentationKind.CONTRAST, 0.6)),
  /** Contrast about middle gray times 1.5. */
  HIGH_CONTRAST("contrast × 1.5", only(AugmentationKind.CONTRAST, 1.5)),
  /** Intensities minus 0.15 of full scale. */
  DARKER("brightness − 0.15", only(AugmentationKind.BRIGHTNESS, -0.15)),
  /** Intensities plus 0.15 of full scale. */
  BRIGHTER("brightness + 0.15", only(AugmentationKind.BRIGHTNESS, 0.15)),
  /** Downsampled to half its side and upsampled. */
  BLURRED("blur: half the resolution", Perturbation::halfResolution),
  /** Enlarged by 1.1 and cropped at the right and bottom. */
  CROP_UPPER_LEFT("crop: upper left 91 %", crop(0.05)),
  /** Enlarged by 1.1 and cropped at the left and top. */
  CROP_LOWER_RIGHT("crop: lower right 91 %", crop(-0.05)),
  /** Compressed as JPEG of quality 0.3. */
  JPEG("JPEG of quality 30", Perturbation::compressed),
  /** Black squares of a fifth of the side in all corners, where markers and letters are. */
  COVERED_CORNERS("corners covered", Perturbation::coverCorners),
  /** A central ellipse of 0.8 times each side is gray: the lungs are hidden. */
  BLANKED_CENTRE("central ellipse blanked", ImageRegion.SURROUNDINGS::maskOutside),
  /** All but the outermost 1/16 of each side is gray. */
  BORDER_ONLY("border pixels only", ImageRegion.BORDER::maskOutside);

  private static final float JPEG_QUALITY = 0.3f;

  private final String title;
  private final UnaryOperator<GrayImage> change;
  private final Augmenter augmenter;

  Perturbation(String title, UnaryOperator<GrayImage> change, Augmentation.Builder amounts) {
    this.title = title;
    this.change = change;
    augmenter = new Augmenter(amounts.build());
  }

  Perturbation(String title, UnaryOperator<GrayImage> change) {
    this(title, change, Augmentation.builder());
  }

  Perturbation(String title, Augmentation.Builder amounts) {
    this(title, image -> image, amounts);
  }

  private static Augmentation.Builder only(AugmentationKind kind, double amount) {
    return Augmentation.builder().opt(kind, amount, amount);
  }

  private static Augmentation.Builder crop(double shift) {
    return only(AugmentationKind.ZOOM, 1.1).opt(AugmentationKind.SHIFT, shift, shift);
  }

  private static GrayImage halfResolution(GrayImage image) {
    int width = Math.max(1, image.width() / 2);
    int height = Math.max(1, image.height() / 2);
    GrayImage small = Resampler.resize(image, width, height);
    return Resampler.resize(small, image.width(), image.height());
  }

  private static GrayImage coverCorners(GrayImage image) {
    byte[] pixels = image.pixels().clone();
    int across = image.width() / 5;
    int down = image.height() / 5;
    for (int i = 0; i < pixels.length; i++) {
      int x = i % image.width();
      int y = i / image.width();
      if ((x < across || x >= image.width() - across) && (y < down || y >= image.height() - down)) {
        pixels[i] = 0;
      }
    }
    return new GrayImage(image.width(), image.height(), pixels);
  }

  /** {@return the name for reports} */
  public String title() {
    return title;
  }

  /** {@return whether the lungs are hidden, so that a sound model can only guess} */
  public boolean hidesLungs() {
    return this == BLANKED_CENTRE || this == BORDER_ONLY;
  }

  /** {@return its column in predictions.csv, the positive class's probability} */
  public String column() {
    return "p_" + name().toLowerCase(Locale.ROOT);
  }

  /** {@return the perturbed pixels, row by row, in [0, 1]} */
  float[] apply(GrayImage image) {
    return augmenter.apply(change.apply(image), 0);
  }

  private static GrayImage compressed(GrayImage source) {
    BufferedImage image =
        new BufferedImage(source.width(), source.height(), BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, source.width(), source.height(), source.pixels());
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(JPEG_QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), parameters);
      out.flush();
      return ImageDecoder.decode(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
  }
}
