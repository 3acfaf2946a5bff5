import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Decodes image files and writes each as a PGM with the same name into a folder. */
final class Decode {

  private Decode() {}

  public static void main(String[] arguments) throws IOException {
    Path out = Path.of(arguments[0]);
    for (int i = 1; i < arguments.length; i++) {
      Path file = Path.of(arguments[i]);
      try {
        GrayImage image = ImageDecoder.decode(file);
        byte[] head = "P5 %d %d 255\n".formatted(image.width(), image.height()).getBytes();
        try (var pgm = Files.newOutputStream(out.resolve(file.getFileName() + ".pgm"))) {
          pgm.write(head);
          pgm.write(image.pixels());
        }
      } catch (IOException e) {
        Files.writeString(out.resolve(file.getFileName() + ".txt"), e.getMessage());
      }
    }
  }
}
