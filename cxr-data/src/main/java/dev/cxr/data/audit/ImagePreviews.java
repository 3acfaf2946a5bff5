package dev.cxr.data.audit;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Xray;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/** Encodes small images for the page. */
final class ImagePreviews {

  /** The longer side, in pixels: twice the displayed size, for high-density screens. */
  private static final int MAX_SIDE = 192;

  private final Map<String, Xray> byId;

  ImagePreviews(DatasetIndex dataset) {
    byId = dataset.xrays().stream().collect(Collectors.toMap(Xray::id, x -> x));
  }

  /**
   * An image as the data URI of a JPEG with the same aspect ratio.
   *
   * @throws IOException if the image cannot be read
   */
  String dataUri(AuditedImage image) throws IOException {
    GrayImage original = Objects.requireNonNull(byId.get(image.id())).source().read();
    var out = new ByteArrayOutputStream();
    ImageIO.write(shrink(original).toBufferedImage(), "jpeg", out);
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
