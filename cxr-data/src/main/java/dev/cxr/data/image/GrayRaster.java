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
import java.util.stream.IntStream;

/**
 * The destination of a reader: accepts samples of several bands or of 16 bits, keeps one byte of
 * gray per pixel.
 *
 * <p>A colour image thus needs no more memory than a gray one. Readers write through one of the
 * three methods here; any other method fails, because there is no buffer behind it.
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
   * Creates an image to read into.
   *
   * @param bands 1 for gray, 2 with alpha, 3 for colour, 4 with alpha
   * @param sixteenBit whether samples have 16 bits instead of 8
   * @param gray receives the gray values: {@code width * height} bytes
   */
  static BufferedImage imageOver(
      byte[] gray, int width, int height, int bands, boolean sixteenBit) {
    int type = sixteenBit ? DataBuffer.TYPE_USHORT : DataBuffer.TYPE_BYTE;
    int[] offsets = IntStream.range(0, bands).toArray();
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

  /** Called by the JPEG reader of the JDK with rows. */
  @Override
  public void setRect(int x, int y, Raster rows) {
    setDataElements(x, y, rows);
  }

  /** Called by the TIFF reader of TwelveMonkeys with rows or rows of tiles. */
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

  /** Called by the PNG reader of the JDK with pixels. */
  @Override
  public void setPixel(int x, int y, int[] pixel) {
    gray[y * width + x] = grayOf(pixel, 0);
  }

  private byte grayOf(int[] pixel, int at) {
    int sample = numBands <= 2 ? pixel[at] : Luma.of(pixel[at], pixel[at + 1], pixel[at + 2]);
    return (byte) (sixteenBit ? Luma.toEightBits(sample) : sample);
  }
}
