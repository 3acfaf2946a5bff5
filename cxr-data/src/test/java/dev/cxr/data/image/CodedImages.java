package dev.cxr.data.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Small images, and what the encoders of dcmtk (JPEG, JPEG-LS) and GDCM (JPEG 2000) make of them.
 */
final class CodedImages {

  static final int WIDTH = 24;
  static final int HEIGHT = 20;

  private CodedImages() {}

  /** The samples that were encoded, interleaved: curves, and rows of one value. */
  static int[] samples(int bits, int perPixel) {
    var samples = new int[WIDTH * HEIGHT * perPixel];
    for (int i = 0; i < samples.length; i++) {
      int s = i % perPixel;
      int x = i / perPixel % WIDTH;
      int y = i / perPixel / WIDTH;
      samples[i] =
          y / 4 % 3 == 1
              ? (1 << bits) / 3
              : ((x * x * 7 + y * x * 3 + y * 5 + s * 40) << bits) / 5000 % (1 << bits);
    }
    return samples;
  }

  /** A DICOM file of encoded samples. */
  static DicomBuilder dicom(String syntax, int bits, int perPixel, byte[] coded) {
    return DicomBuilder.ofFragment(syntax, WIDTH, HEIGHT, bits, coded)
        .number(DicomBuilder.SAMPLES, perPixel)
        .text(DicomBuilder.PHOTOMETRIC, "CS", perPixel == 1 ? "MONOCHROME2" : "RGB");
  }

  /** A DICOM file of each compression and encoding, by name. */
  static Map<String, DicomBuilder> dicomFiles() {
    Map<String, DicomBuilder> files = new LinkedHashMap<>();
    files.put("jpeg-ls.dcm", dicom("1.2.840.10008.1.2.4.80", 12, 1, bytes(JPEG_LS)));
    files.put("jpeg-ls-near.dcm", dicom("1.2.840.10008.1.2.4.81", 12, 1, bytes(JPEG_LS_NEAR)));
    files.put("jpeg-ls-sample.dcm", dicom("1.2.840.10008.1.2.4.80", 8, 3, bytes(JPEG_LS_SAMPLE)));
    files.put("jpeg-lossless.dcm", dicom("1.2.840.10008.1.2.4.70", 16, 1, bytes(JPEG_LOSSLESS)));
    files.put(
        "jpeg-lossless-rgb.dcm", dicom("1.2.840.10008.1.2.4.57", 8, 3, bytes(JPEG_LOSSLESS_RGB)));
    files.put("jpeg-12-bits.dcm", dicom("1.2.840.10008.1.2.4.51", 12, 1, bytes(JPEG_EXTENDED)));
    files.put(
        "jpeg-2000-lossless.dcm",
        dicom("1.2.840.10008.1.2.4.90", 12, 1, bytes(JPEG_2000_LOSSLESS)));
    files.put("jpeg-2000-rgb.dcm", dicom("1.2.840.10008.1.2.4.90", 8, 3, bytes(JPEG_2000_RGB)));
    files.put("jpeg-2000.dcm", dicom("1.2.840.10008.1.2.4.91", 12, 1, bytes(JPEG_2000)));
    files.put("rle.dcm", dicom("1.2.840.10008.1.2.5", 16, 1, rle(16, 1)));
    files.put("rle-rgb.dcm", dicom("1.2.840.10008.1.2.5", 8, 3, rle(8, 3)));
    byte[] pixels = new byte[2 * WIDTH * HEIGHT];
    new Random(2).nextBytes(pixels);
    files.put("deflated.dcm", dicom(DicomBuilder.DEFLATED, 16, 1, pixels).pixels(pixels));
    files.put("big-endian.dcm", dicom(DicomBuilder.BIG_ENDIAN, 16, 1, pixels).pixels(pixels));
    files.put(
        "lookup-tables.dcm",
        dicom(DicomBuilder.EXPLICIT, 16, 1, pixels)
            .pixels(pixels)
            .lut(DicomBuilder.MODALITY_LUT, 0, 12, 0, 100, 4000)
            .lut(DicomBuilder.VOI_LUT, 20, 16, 0, 65535, 3000)
            .number(DicomBuilder.PADDING, 0)
            .text(DicomBuilder.PIXEL_SPACING, "DS", "0.2\\0.1"));
    return files;
  }

  /** Runs and literal bytes, as chance has it. */
  static byte[] rle(int bits, int perPixel) {
    int[] samples = samples(bits, perPixel);
    var random = new Random(3);
    var out = new ByteArrayOutputStream();
    var header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    int bytesPerSample = bits > 8 ? 2 : 1;
    header.putInt(perPixel * bytesPerSample);
    for (int segment = 0; segment < perPixel * bytesPerSample; segment++) {
      header.putInt(64 + out.size());
      var plane = new byte[samples.length / perPixel];
      int shift = bytesPerSample == 2 && segment % 2 == 0 ? 8 : 0;
      for (int i = 0; i < plane.length; i++) {
        plane[i] = (byte) (samples[i * perPixel + segment / bytesPerSample] >> shift);
      }
      int at = 0;
      while (at < plane.length) {
        int end = at + 1;
        while (end < plane.length && end - at < 128 && plane[end] == plane[at]) {
          end++;
        }
        if (end - at > 1) {
          out.write(1 - (end - at));
          out.write(plane[at]);
        } else {
          end = Math.min(plane.length, at + 1 + random.nextInt(9));
          out.write(end - at - 1);
          out.write(plane, at, end - at);
          out.write(-128);
        }
        at = end;
      }
    }
    var coded = new ByteArrayOutputStream();
    coded.writeBytes(header.array());
    coded.writeBytes(out.toByteArray());
    return coded.toByteArray();
  }

  static byte[] bytes(String base64) {
    return Base64.getMimeDecoder().decode(base64);
  }

  static final String JPEG_LS =
      """
      /9j/9wALEAAUABgBAREA//gADQH//wASAEMBFABA/9oACAEBAAAAAKBMIYcxNjPHuj5Wy/tW6b/xVJ0/VNZ17ZNp
      W7dF5YEQOglBiDUOQmhZCyMI0m06nlAoWJkZmZpamtHqA0CoMh0Si0JIqOkpScnKKkqNW7l28fP0doEgqCREZDkJ
      JseDCjTKFa1exZNW7h2nYFGQAgBAEAQAgBAEAQCAQCAQEBF+uNh7P218n3fzwnAD/3+AzRVLRfMlpt50PN+kOSRO
      tM2Db+JZlrXDdd7SAkXgRCwEJC0Hoiq0ZcOFGkTqVa5gyaN0dI9QFBwENFIcjlmjNnjgmqw22+RJlEdI7QKFgRIh
      Fo1zrjbPDFRZht18iUThO0AhwIZDpCU93xtpjimqw04+QJpunKARYEIiI6QQ9631xwTUWJMOELRHS5QCHAiISIjn
      2VUd3jLHElmiFkjlcICHAhoSImEW1/7rGmPJLMPWScLYAAAVEAgEAQEBAQEBAQIEAgAAA3X3i+h7Xyff/XD+Ncmw
      B+D/2Q==
      """;

  static final String JPEG_LS_NEAR =
      """
      /9j/9wALDAAUABgBAREA/9oACAEBAAIAAKNV/TZbIlTa9i3dvyUnKzEzOTsQylSnd2taUpjnOc4hxBBTEUzKTGMK
      7kchCFKYxjGKqsidyIiqzO7uQhSmAAAAAAGG4QhEQhESSgWGQ6CJutr7CBuH/38AAAAABhGhpx8gTKFzJs6fBIoD
      JaYmp2eiMSiuEpJ2d3ImKqszuQhTErNlYjXcREyIzMxFqnZsit/ZtkRGIRadZJsnts2yMzEWnKpoi/2SZMjMy0q1
      myf+2TIiMwxOtJtk9sm2RmWYAAAAAAYHkiqvAAAHK01TV1lhY2cD4C8fgP/ZAA==
      """;

  static final String JPEG_LS_SAMPLE =
      """
      /9j/9wARCAAUABgDAREAAhEAAxEA/9oADAMBAAIAAwAAAgBCCki9t/2v9q//TrTt33VVXqqu6qqu7ldylKUrlKU5
      znSla18kqK4tNpJXTdMpNKvySybSqv8SSMlsr5fP1dv/Veqr/xJJftv/Fr//ZP9ueqVV+fyWyAAABqQAoH0rypX/
      cqV/8oEAAIAACClgp6qYFXVTRRR/ve872kB33ZX/f8AAAGkACIe8pynGEHCBAg4UKFChAgUKECDjhQoQIEHHHCBA
      g4DAQGEAAQMBTzzzSzTTV11VVVV1111V111VVV5S8zKv/xJPn/fVvyTkyTXLLL//fVJPk/q7qqvP/1Ussav8v/9/
      /3+r/0kkktYYx/JL3ySSSv98k/nfn6v/Kqv/av9//1XJr+r1Zzn/a/9JJyflcmpLV/k9XylV1b1ST5Oe517/dXVr
      wAAAaMPg4/9//3+ogAABBQX/O7u7u9u93d/0/v9/0pfbZ/7//9k=
      """;

  static final String JPEG_LS_LINE =
      """
      /9j/9wARCAAUABgDAREAAhEAAxEA/9oADAMBAAIAAwAAAQDX/u6ipWlKfSlaVtW19bbP+6qiZvf9KUrDV6xoQjMq
      JequUp9JtpNk0kybSRJFJLkqzVZaUt3vP5StLd2vJ6+79ryev7X2Xl66+fpfbt8/S+zf+mlnYAAAGplJXJWGCgUC
      rsrrgOAFLfvwAAS1/2/718Pu+/AAAKKd73yt2f9v/z//f/9wAAAaNjBAIOGDhwQEBAYAAgMAGCra1rySQABBTjjB
      AgUIGDBQ4QBgU15JJpZpoA8cUUQYYccKECmhAo0slNNVVVmP8n7UkqZ3n9pRNTbzOrnPK/T7rPpf0zuv6X9M6q/p
      Xv975NK9/3eSaNv/d5Jw5ck+6zOHPJPv9xzpJ8/3r7/vt19/0u3X3+y7Z95J0pfOfeZsq5nP+e5ubiun0v15emff
      a5Vpk+9rAAABo/94AAAP7vf9aUvh9/9AvZm9/yUthx/8ILuIm930s/9/+P//2Q==
      """;

  static final String JPEG_LOSSLESS =
      """
      /9j/4AAQSkZJRgABAQAAAQABAAD/wwALEAAUABgBAREA/8QAHQABAQEBAQEBAQEBAAAAAAAAAAwLCg0HCQgPEP/a
      AAgBAQABAAD/AL63+in7ldQfZz35aVGrDsL7aG8NQf0etNdUyVjtenZGWoVv3dY3tXoEH0H+g/07/fLqp7YdBnTQ
      1iNj/b23rqGakdp1aoytDr+7LO1quIrtm+Q9BI+hf1V+sXQz1o9xOh/p8a1+zNuPb6tEbSi0/lVnW12EVm1bJXJN
      4Bfceg3/AEH+0v2J6Qevjuw0Z9R/XW2jt0Xf9otKWuokq2q5OxJtArbi5xvJ7+D0Jb/VJEAAAAAAAAAAAAAAAH+W
      W37LdJ3YL3e6OmpZrybTW6nQFUYNLzUYVdFc/Yr2h1uNc/Xml/b6FJ6K39B/b7p17Le+TSc1U9grbD3eaDGjppoK
      lisPrx7H601t7rqS9c9AU9DL9GD+hfvL1OdqmgZph6vWxlt1b0NCxSIU5FT9Wb191lLau3Ct2ZfB+gd+h5+jVfQe
      g3rD7fNDPTq1otlncR3yKICk3p76qatesFbM22EuPLvS+q9Bj9EZ9HS+hdGnXX3RaLWolrk7QO5xv30VFK9ULVZ1
      cLYe2eltXcyXjV+l6EV6KD6Pz9B6W+xPvK0gdTnXx2qN1+gXozqYao+q9a6yxktG7dO6LvQr/n0LH0Wn0iD6F1Bd
      nXfjpU6sGwxtn7w9B9R7U1tTLWOV6lkXah2/V1le0+gQ+hsejIekkfQuqnth0GdNDWH2P9vfeuoZqR2nUqjK0Sv7
      ss7Wq4hu2r5D0Ej0QD0bf0m7/UX4AAAAAAAAAAAAAAAH///Z
      """;

  static final String JPEG_LOSSLESS_6 =
      """
      /9j/4AAQSkZJRgABAQAAAQABAAD/wwALEAAUABgBAREA/8QAHgAAAgICAwEBAAAAAAAAAAAAAAUDBAkKBgcICxD/
      2gAIAQEABgAA/SsXvKOac/7K7X7h7t749CekPTXqf1l699ke1fb/ALr975ApJZrFizbu3L7BizZtWzdy6dPXr7kE
      kk09m1buXr19kxaNGzdw6dvHz5/JLNYsWbVy9fYMWbNq2cOHLt49f8g+qTtMbQ2zbso7FuwLnWzQ5Z8k/uH0t2Kt
      6Q8XYx8LOvLq2adujR890AAAAAAAAAAAAAAAAAAAAAAAD5ZWr/rL62muxgBwY4ZcUGODxN5y4I8749t5RM2WxNtQ
      bj+9J9C/6YEkk09mzbuXb7BkyZtWzdy5dvHz7kEks1ixatXL15gxZNGjZw3du3rzkD+WSaexat3bt6+xZs2rZu5c
      unj59yCSWaxYs27l6+wYsmjRs4cOXbx8+fySTT2bVu5dvsGLNm1bN3Lp28fPuQSSzWLFm3du3r7Fk0aNm7ly7evH
      /IJJZp7Nq3cvXmDFmzatnDhy6ePnz/6jGzDsg7Dee7N5mEyj5BPXfdjjr3y7j3xGYG9aTUo0ptB35yHy/fkxgAAA
      AAAAAAAAAAAAAAAAAAAAf//Z
      """;

  static final String JPEG_LOSSLESS_RGB =
      """
      /9j/7gAOQWRvYmUAZAAAAAAA/8MAEQgAFAAYA1IRAEcRAEIRAP/EABsAAQEBAQEBAQEAAAAAAAAAAAAEAwUCAQcI
      /9oADANSAEcAQgABAAD+f/wH8DH3799evXr1696aae/euuuuu2++2221FFFFFFNNNVVVVVVdddllltttttt11199
      999/Q6HQA++vXr769+/XvTTXTTTTTbbbbbbffeiiiiiimmmqqquuuuuuyyy222222666++/odDodDodAffv379++
      vXr3796aaaaaa66667b77b770UUUUUVVVVVVVVVWWWWWWW222223333333339Ho9Effv3169evXr3796aaaaaa66
      7bbbbb0Ub0UUUUU1VU1VVV11111222222223X33X339DodDodHo/qv6n+ogAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
      AAAAAAAAAAAAAAAAAD8s/LvzD79++vXv3p709+9ddddddtttttqKKKKKKKKaqqaqqq667LLLLLLbbbrrrrrr+h0O
      hf0Oj0eh0ej0h69evXr179+9NNNddddddttt999996KaaaKKqqqqqq67LLK7bbbbbbrrrr7+hff0Oh0Oj0ej0ej0
      R69evfv379+9NNNddddddttt996KKKKKKaaaqqq666667LLLLLLrrrrrr77777+h0Oh0ej0el0ukPXr179+9NNNN
      NNdddddd999996KKKKKKaaaqqq666667LLLbbbrrrrrr777+h0Oj0Oh0ej0el0ul9+/fXr179+/fv3rrrrrrtttt
      ttvvvRRRTTTTTTVVVXXXZZZZZZbbbbddfddfff0Oh0Oh0Oh0ul0ul0ukPXr179+9NNNddddddtttttqKKKKKKaaa
      aaaqqq667LLLLLbrrbbbb77777+h0Oh0ej0ej0ej0ul0h79+/fv3ppppprttrtttvvvvvvRTTTRTVVTVXXZXXXXZ
      bbZbbbdddffffff0Oj0ej0Oh0ul0ul0ukPfv379+9NdddNNtttttt996KKKKKKaaaqqq666667LLLbbbbbbrrr77
      7+h0Oj0Oh0ej0ej0ul0+l0v1L9Q/TgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB//Z
      """;

  static final String JPEG_EXTENDED =
      """
      /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQIBAQEBAQIBAQECAgICAgICAgIDAwQDAwMD
      AwICAwQDAwQEBAQEAgMFBQQEBQQEBAT/wQALDAAUABgBAREA/8QAFwABAQEBAAAAAAAAAAAAAAAADgANDP/EADMQ
      AAAADAIHCAMAAAAAAAAAAAABAgMFBgcIERITFAkLBAoMFRYXMQ0YGRobRWFiISdD/9oACAEBAAA/AC5dg4dnIajY
      UDZ1Wa6mc4F7yfDaXMpUtXvT7SWRX9I4SWM3djxJUpJNLCakVCPQYdZvllmQju3ZdU2d35rqZ1i/xneRaXRiVLV/
      wazWHjxXu44aOU7sbb16tqlOE1I9LN0KgGtXbP0bZYuL5Fq2ZyZrqZyrPzU/c8S6vpUtX/Ot6Pgf8x9xHNHLp3Y3
      B2v7vr0ITUtKkn6Fw/I6ayyFxcbZnzXfBCQ93drajP4TjHE+a+PkNyR2SZ1bLnM+ZhnC4Bu7tblR9snGOY/of1Bn
      BdnCOol85nzcB/8ATl3dLczf2GeMx9G/UCXKEEH//9k=
      """;

  static final String JPEG_2000_LOSSLESS =
      """
      /0//UQApAAAAAAAYAAAAFAAAAAAAAAAAAAAAGAAAABQAAAAAAAAAAAABDwEB/1IADAAAAAEAAwQEAAH/XAANQICI
      iJCIiJCIiJD/ZAAqAAFDcmVhdGVkIGJ5IEdEQ00vT3BlbkpQRUcgdmVyc2lvbiAyLjUuMP+QAAoAAAAAAWYAAf+T
      z/wwRAjsivcccK1GQrPrYyUqMecnwD9gyA/kKgD9ggAVhvKk3xqAGRkGmy8E3xFI2Wy2iuuqEhpHNVy3b3nAP2H4
      D+SuAH5jgCxkiay0Gy0y+252Ra00O9t5d4bYSp30xWW0vRH0K38ubvxapNp2tgid0GJOibB5D+ZYxhLCBy7HXVaK
      0t7Wsul0gGpkSw3B6TtnLAo6ixZZT7aF0DfEfkl+lxG/xpTqcrSzcDrvz8AfmcQH8oMAH4EoSwLtTu/w+V4zK+B8
      e3kUAJ0X4EfYoO0pauGIWIOMk+khrvWvtBfPZN5WAmk4aRpVp/E8YsWx5h2DFuM/qfNHHQkLwC5dIMO8/L8EJjY4
      nht6QDmHnEWybvbiA9G/I8Ms36Gy9tHiUvwSQ8/D9c3h4nbm2uwJa84iBUnOvTsMsqWi+3dbLla1klLOYLzcOxhA
      YGlj/sbGf67ub3EIjvf/2Q==
      """;

  static final String JPEG_2000_RGB =
      """
      /0//UQAvAAAAAAAYAAAAFAAAAAAAAAAAAAAAGAAAABQAAAAAAAAAAAADBwEBBwEBBwEB/1IADAAAAAEAAwQEAAH/
      XAANQEBISFBISFBISFD/ZAAqAAFDcmVhdGVkIGJ5IEdEQ00vT3BlbkpQRUcgdmVyc2lvbiAyLjUuMP+QAAoAAAAA
      ApoAAf+Tz7QoCOdi9A3grvu5P8+0KAjnYvQN4Kyfsp/PtCgI52LF0UbcNBb3w+oHj7QeD6gYFYbyhfvRTwTfEJ5s
      jk8SGkQ3E2/D6giPtB4PqBgVhvfpVf8AJwTfEUtsdf0SGkQ3OF/D6giPtB4PqBgVhvKBGOsvPwTfEUtntCcSGkQ4
      NrfD6hKPtHIHzjgsZImstBlaxV/lqqhuzcjCb38ubvxapNp2t33BEmaZD1hjNMhCo+N6JCf1KtK/LAo6cCoTL1iK
      LMddixvD6hCPtG4HzjgsZImsuq9YStayc9cJPYN/Lm78WqKhaORxvzYUVIuM2Zkq9iHbUNyQRgdFLAo6ixZTl1Da
      yMSQ1m/D6hCPtG4HzjgsZImsugMLbT3hm/ktKB9/Lm78WqJVhUAeqKmY9OtHR0/jdxaIbXiz94OxLAo6ixZOPolm
      ZLD2IL/B85yPtLYD5C5KATIytHa6GVD+6QgiFHJFu3Ymf2YSAnS1KME/gxbjP6piw84xkbhZdcaRHLFBv8UNsebM
      OP654LCtGpXCIcnV+xmetZyhLlr5TeC8wCgYI/04aMh1Eufxgj1fUsjmS9nB856PtL4D5C5KATIytHa6GVD/E/n+
      U/OsIM6j8o31DaDt2/3Yq8ODFuM/qfNHHQkLwC5dIMO8tGsbNQrj8QbITHJaJPREdSyvXHdOZL8PQf8kpuY/P0nO
      vTsMlFvawOp+SAsVj+uX4mXoDW4/wfOdj7S6A+QySgHedDXBx9JjJDfmFo6zetsZBHk7QggKIJUJFh+DFuM/qfNH
      HRV+cYr17pTClwja9E08pf4uWlEG5E+7MZQYofDwANDKkQMnPxZvSc69OwyUXJ5pgpa9vE9IHgAwnm2qmKkgf//Z
      """;

  static final String JPEG_2000 =
      """
      /0//UQApAAAAAAAYAAAAFAAAAAAAAAAAAAAAGAAAABQAAAAAAAAAAAABDwEB/1IADAAAAAEAAwQEAAH/XAANQICI
      iJCIiJCIiJD/ZAAqAAFDcmVhdGVkIGJ5IEdEQ00vT3BlbkpQRUcgdmVyc2lvbiAyLjUuMP+QAAoAAAAAANYAAf+T
      z/wQQAjsivcccK1GQrPrYyUqMefAPsCYD+AqAPsBwBWG8qTfGoAZGQTfEUjZbLaK66oSGkc1XLdvwD7hSA+8ggB9
      QgAsZImstBstMvtudkWtNDvbeXeG2C5u/Fqk2na2CJ3QYk6JsHkP5ljGEsIHLsddVorS3tayLAo6ixZZT7aF0DfE
      fkl+l8AfMLgPsJIAPgGASwLtTu/w+V4zK+CDFuM/qfNHHQkLwC5dIMO8/L8EJjY4nht6QDmHnEWybvbiA9FJzr07
      DLL/2Q==
      """;
}
