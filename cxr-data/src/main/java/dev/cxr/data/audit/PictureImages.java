package dev.cxr.data.audit;

import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.Xray;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/** Small images of pictures, to be set into a page. */
final class PictureImages {

  /** The longer side, in pixels: twice what the page shows, for fine screens. */
  private static final int SIDE = 192;

  private final Map<String, Xray> byId;

  PictureImages(Catalogue catalogue) {
    byId = catalogue.xrays().stream().collect(Collectors.toMap(Xray::id, x -> x));
  }

  /**
   * A picture as a data URI of a JPEG, its aspect ratio kept.
   *
   * @throws IOException if it can no longer be read
   */
  String dataUri(Picture picture) throws IOException {
    Xray xray = byId.get(picture.id());
    if (xray == null) {
      throw new IllegalArgumentException(picture + " is of another catalogue");
    }
    GrayImage small = small(xray.source().read());
    var image = new BufferedImage(small.width(), small.height(), BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, small.width(), small.height(), small.pixels());
    var out = new ByteArrayOutputStream();
    if (!ImageIO.write(image, "jpeg", out)) {
      throw new IOException("this Java has no JPEG writer");
    }
    return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(out.toByteArray());
  }

  private static GrayImage small(GrayImage image) {
    double scale = Math.min(1, (double) SIDE / Math.max(image.width(), image.height()));
    return Resampler.resize(
        image,
        Math.max(1, (int) Math.round(image.width() * scale)),
        Math.max(1, (int) Math.round(image.height() * scale)));
  }
}
