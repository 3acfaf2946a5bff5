package dev.cxr.data.audit;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Xray;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/** Small images of pictures, to be set into a page. */
final class ImagePreviews {

  /** The longer side, in pixels: twice what the page shows, for fine screens. */
  private static final int MAX_SIDE = 192;

  private final Map<String, Xray> byId;

  ImagePreviews(DatasetIndex dataset) {
    byId = dataset.xrays().stream().collect(Collectors.toMap(Xray::id, x -> x));
  }

  /**
   * A picture as a data URI of a JPEG, its aspect ratio kept.
   *
   * @throws IOException if it can no longer be read
   */
  String dataUri(AuditedImage image) throws IOException {
    Xray xray = byId.get(image.id());
    if (xray == null) {
      throw new IllegalArgumentException(image + " is of another catalogue");
    }
    GrayImage small = shrink(xray.source().read());
    var buffered = new BufferedImage(small.width(), small.height(), BufferedImage.TYPE_BYTE_GRAY);
    buffered.getRaster().setDataElements(0, 0, small.width(), small.height(), small.pixels());
    var out = new ByteArrayOutputStream();
    if (!ImageIO.write(buffered, "jpeg", out)) {
      throw new IOException("this Java has no JPEG writer");
    }
    return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(out.toByteArray());
  }

  private static GrayImage shrink(GrayImage image) {
    double scale = Math.min(1, (double) MAX_SIDE / Math.max(image.width(), image.height()));
    return Resampler.resize(
        image,
        Math.max(1, (int) Math.round(image.width() * scale)),
        Math.max(1, (int) Math.round(image.height() * scale)));
  }
}
