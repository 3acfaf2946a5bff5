package dev.cxr.eval.prediction;

import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.Augmenter;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.Resampler;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * A change to a picture at the model's input side that leaves the finding as it is, and two that
 * take it away: a model that still answers there looks at something else than lungs.
 */
public enum Perturbation {
  /** Contrast about middle gray times 0.6. */
  LOW_CONTRAST("contrast × 0.6") {
    @Override
    float[] apply(GrayImage picture) {
      return augment(picture, Augmentation.builder().optContrast(0.6, 0.6));
    }
  },
  /** Contrast about middle gray times 1.5. */
  HIGH_CONTRAST("contrast × 1.5") {
    @Override
    float[] apply(GrayImage picture) {
      return augment(picture, Augmentation.builder().optContrast(1.5, 1.5));
    }
  },
  /** 0.15 of full scale less. */
  DARKER("brightness − 0.15") {
    @Override
    float[] apply(GrayImage picture) {
      return augment(picture, Augmentation.builder().optBrightness(-0.15, -0.15));
    }
  },
  /** 0.15 of full scale more. */
  BRIGHTER("brightness + 0.15") {
    @Override
    float[] apply(GrayImage picture) {
      return augment(picture, Augmentation.builder().optBrightness(0.15, 0.15));
    }
  },
  /** Shrunk to half its side and brought back. */
  BLURRED("blur: half the resolution") {
    @Override
    float[] apply(GrayImage picture) {
      int width = Math.max(1, picture.width() / 2);
      int height = Math.max(1, picture.height() / 2);
      GrayImage small = Resampler.resize(picture, width, height);
      return unchanged(Resampler.resize(small, picture.width(), picture.height()));
    }
  },
  /** Enlarged by 1.1, what lies right and below is cropped. */
  CROPPED_DOWN_RIGHT("crop: upper left 91 %") {
    @Override
    float[] apply(GrayImage picture) {
      return augment(picture, Augmentation.builder().optZoom(1.1, 1.1).optShift(0.05, 0.05));
    }
  },
  /** Enlarged by 1.1, what lies left and above is cropped. */
  CROPPED_UP_LEFT("crop: lower right 91 %") {
    @Override
    float[] apply(GrayImage picture) {
      return augment(picture, Augmentation.builder().optZoom(1.1, 1.1).optShift(-0.05, -0.05));
    }
  },
  /** Stored as JPEG of quality 0.3 and read again. */
  JPEG("JPEG of quality 30") {
    @Override
    float[] apply(GrayImage picture) throws IOException {
      return unchanged(ImageDecoder.decode(jpeg(picture)));
    }
  },
  /** Black squares of a fifth of the side in all four corners, where markers and letters are. */
  COVERED_CORNERS("corners covered") {
    @Override
    float[] apply(GrayImage picture) {
      float[] pixels = unchanged(picture);
      int across = picture.width() / 5;
      int down = picture.height() / 5;
      for (int i = 0; i < pixels.length; i++) {
        int x = i % picture.width();
        int y = i / picture.width();
        if ((x < across || x >= picture.width() - across)
            && (y < down || y >= picture.height() - down)) {
          pixels[i] = 0;
        }
      }
      return pixels;
    }
  },
  /** A central ellipse of 0.8 times each side is gray: there is no lung to see. */
  BLANKED_CENTRE("central ellipse blanked") {
    @Override
    float[] apply(GrayImage picture) {
      return unchanged(ImageRegion.SURROUNDINGS.maskOutside(picture));
    }
  },
  /** All but the outermost 1/16 of each side is gray. */
  BORDER_ONLY("border pixels only") {
    @Override
    float[] apply(GrayImage picture) {
      return unchanged(ImageRegion.BORDER.maskOutside(picture));
    }
  };

  private static final float JPEG_QUALITY = 0.3f;

  private final String title;

  Perturbation(String title) {
    this.title = title;
  }

  /** What is done, for people. */
  public String title() {
    return title;
  }

  /** Whether the lungs are gone, so that an honest model can only guess. */
  public boolean hidesLungs() {
    return this == BLANKED_CENTRE || this == BORDER_ONLY;
  }

  /** Its column in {@code predictions.csv}: the positive class's probability after the change. */
  public String column() {
    return "p_" + name().toLowerCase(Locale.ROOT);
  }

  /** The changed pixels, row by row, in [0, 1]. */
  abstract float[] apply(GrayImage image) throws IOException;

  private static float[] unchanged(GrayImage image) {
    return augment(image, Augmentation.builder());
  }

  private static float[] augment(GrayImage image, Augmentation.Builder amounts) {
    return new Augmenter(amounts.build()).apply(image, 0);
  }

  private static byte[] jpeg(GrayImage source) throws IOException {
    BufferedImage image =
        new BufferedImage(source.width(), source.height(), BufferedImage.TYPE_BYTE_GRAY);
    byte[] raster = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    System.arraycopy(source.pixels(), 0, raster, 0, raster.length);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(JPEG_QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
