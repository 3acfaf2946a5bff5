package dev.cxr.data.image;

import com.github.jaiimageio.jpeg2000.impl.IISRandomAccessIO;
import com.github.jaiimageio.jpeg2000.impl.J2KImageReadParamJava;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.io.IOException;
import jj2000.j2k.codestream.HeaderInfo;
import jj2000.j2k.codestream.reader.BitstreamReaderAgent;
import jj2000.j2k.codestream.reader.HeaderDecoder;
import jj2000.j2k.image.DataBlkInt;
import jj2000.j2k.image.ImgDataConverter;
import jj2000.j2k.image.invcomptransf.InvCompTransf;
import jj2000.j2k.util.FacilityManager;
import jj2000.j2k.util.MsgLogger;
import jj2000.j2k.wavelet.synthesis.InverseWT;

/**
 * Decodes JPEG 2000 (ISO/IEC 15444-1) with JJ2000, whose image reader would lose the sign of some
 * samples. {@link Jpeg2000Header} first checks what determines its time and memory.
 */
final class Jpeg2000Decoder {

  private final byte[] coded;
  private final SampleLayout layout;
  private final int precision;

  private Jpeg2000Decoder(byte[] coded, SampleLayout layout) throws InvalidImageException {
    this.coded = coded;
    this.layout = layout;
    precision = Jpeg2000Header.precision(coded, layout);
  }

  /**
   * Decodes an image, which may be in the boxes of a JP2 file.
   *
   * @throws InvalidImageException if it is unsupported, damaged or truncated, or has another size
   */
  static byte[] decode(byte[] coded, SampleLayout layout) throws InvalidImageException {
    return new Jpeg2000Decoder(Jpeg2000Header.codestream(coded, layout), layout).decode();
  }

  private byte[] decode() throws InvalidImageException {
    FacilityManager.registerMsgLogger(Thread.currentThread(), new WarningThrower());
    try (var in = new ByteArrayImageInputStream(coded)) {
      var parameters = new J2KImageReadParamJava();
      parameters.setNoROIDescaling(false);
      var random = new PacketInput(in);
      var info = new HeaderInfo();
      var header = new HeaderDecoder(random, parameters, info);
      var specs = header.getDecoderSpecs();
      var depths = new int[layout.samples()];
      for (int i = 0; i < depths.length; i++) {
        depths[i] = header.getOriginalBitDepth(i);
      }
      var bits =
          BitstreamReaderAgent.createInstance(random, header, parameters, specs, false, info);
      var coefficients = header.createEntropyDecoder(bits, parameters);
      var regions = header.createROIDeScaler(coefficients, parameters, specs);
      var wavelets =
          InverseWT.createInstance(header.createDequantizer(regions, depths, specs), specs);
      wavelets.setImgResLevel(bits.getImgRes());
      return read(new InvCompTransf(new ImgDataConverter(wavelets, 0), specs, depths), header);
    } catch (VirtualMachineError e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) { // the decoder throws all on damage
      throw new InvalidImageException(
          "expected a complete JPEG 2000 image, the decoder found: %s. Fetch the file again or leave it out"
              .formatted(e),
          e);
    } finally {
      FacilityManager.unregisterMsgLogger(Thread.currentThread());
    }
  }

  private byte[] read(InvCompTransf image, HeaderDecoder header) {
    var frame = new byte[layout.bytes()];
    var tiles = image.getNumTiles(null);
    var line = new DataBlkInt();
    for (int ty = 0; ty < tiles.y; ty++) {
      for (int tx = 0; tx < tiles.x; tx++) {
        image.setTile(tx, ty);
        for (int y = 0; y < image.getTileHeight(); y++) {
          for (int sample = 0; sample < layout.samples(); sample++) {
            line.ulx = 0;
            line.uly = y;
            line.w = image.getTileWidth();
            line.h = 1;
            image.getInternCompData(line, sample);
            int first =
                ((image.getCompULY(sample) + y) * layout.width() + image.getCompULX(sample))
                        * layout.samples()
                    + sample;
            write(line, image.getFixedPoint(sample), header.isOriginalSigned(sample), frame, first);
          }
        }
      }
    }
    return frame;
  }

  private void write(DataBlkInt line, int fraction, boolean signed, byte[] frame, int first) {
    int[] values = line.getDataInt();
    int middle = 1 << (precision - 1);
    int above = Integer.SIZE - precision;
    for (int x = 0; x < line.w; x++) {
      int value = values[line.offset + x] >> fraction;
      value = Math.max(-middle, Math.min(middle - 1, value));
      int index = first + x * layout.samples();
      if (signed && !layout.signed()) {
        layout.put(frame, index, value);
      } else {
        if (!signed) {
          value += middle;
          value = layout.signed() ? value << above >> above : value; // the bits of a signed one
        }
        layout.putNearest(frame, index, value);
      }
    }
  }

  /**
   * Ends decoding where the reader of packet headers would read ones without end: at the end of the
   * bytes, and at two bytes FF, which no valid header contains (annex B.10.1).
   */
  private static final class PacketInput extends IISRandomAccessIO {

    private int previous;

    PacketInput(ByteArrayImageInputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      if (next < 0 || (next == 0xFF && previous == 0xFF)) {
        throw new IllegalStateException("an invalid packet header");
      }
      previous = next;
      return next;
    }
  }

  /** Ends decoding at the first warning, of which only one is harmless. */
  private static final class WarningThrower implements MsgLogger {

    @Override
    public void printmsg(int severity, String message) {
      if (severity >= WARNING && !message.startsWith("EOC marker")) {
        throw new IllegalStateException(message);
      }
    }

    @Override
    public void println(String text, int firstIndent, int indent) {}

    @Override
    public void flush() {}
  }
}
