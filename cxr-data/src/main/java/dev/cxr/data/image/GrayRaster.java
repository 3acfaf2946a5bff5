package dev.cxr.data.image;

import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/**
 * What a reader writes an image to: samples of several bands or of 16 bits go in, one byte of gray
 * a pixel is kept.
 *
 * <p>A colour image then takes no more memory than a gray one, whatever its header claims. Readers
 * write by one of the three methods here; any other finds no room behind it and fails.
 */
final class GrayRaster extends WritableRaster {

  private final byte[] gray;
  private final boolean sixteenBit;
  private int[] samples = new int[0];

  private GrayRaster(PixelInterleavedSampleModel model, byte[] gray, boolean wide) {
    super(model, wide ? new DataBufferUShort(1) : new DataBufferByte(1), new Point());
    this.gray = gray;
    this.sixteenBit = wide;
  }

  /**
   * An image to read into.
   *
   * @param bands 1 for gray, 2 with alpha, 3 for colour, 4 with alpha
   * @param sixteenBit whether samples have 16 bits instead of 8
   * @param gray takes the gray: {@code width * height} bytes
   */
  static BufferedImage imageOver(
      byte[] gray, int width, int height, int bands, boolean sixteenBit) {
    int type = sixteenBit ? DataBuffer.TYPE_USHORT : DataBuffer.TYPE_BYTE;
    var offsets = new int[bands];
    for (int band = 0; band < bands; band++) {
      offsets[band] = band;
    }
    boolean alpha = bands % 2 == 0;
    var colourModel =
        new ComponentColorModel(
            ColorSpace.getInstance(bands <= 2 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB),
            alpha,
            false,
            alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
            type);
    var model = new PixelInterleavedSampleModel(type, width, height, bands, width * bands, offsets);
    return new BufferedImage(colourModel, new GrayRaster(model, gray, sixteenBit), false, null);
  }

  /** The JDK's JPEG reader writes rows so. */
  @Override
  public void setRect(int x, int y, Raster rows) {
    setDataElements(x, y, rows);
  }

  /** TwelveMonkeys' TIFF reader writes rows, and rows of tiles, so. */
  @Override
  public void setDataElements(int x, int y, Raster rows) {
    int columns = rows.getWidth();
    for (int row = 0; row < rows.getHeight(); row++) {
      samples =
          rows.getPixels(
              rows.getMinX(),
              rows.getMinY() + row,
              columns,
              1,
              samples.length == columns * numBands ? samples : null);
      int at = (y + row) * width + x;
      for (int i = 0; i < columns; i++) {
        gray[at + i] = grayOf(samples, i * numBands);
      }
    }
  }

  /** The JDK's PNG reader writes pixels so. */
  @Override
  public void setPixel(int x, int y, int[] pixel) {
    gray[y * width + x] = grayOf(pixel, 0);
  }

  private byte grayOf(int[] pixel, int at) {
    int sample = numBands <= 2 ? pixel[at] : Luma.of(pixel[at], pixel[at + 1], pixel[at + 2]);
    return (byte) (sixteenBit ? Luma.toEightBits(sample) : sample);
  }
}
