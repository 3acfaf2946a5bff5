package dev.cxr.models.bundle;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Writes a trained model as a bundle. */
public final class BundleWriter {

  private BundleWriter() {}

  /**
   * Writes a bundle. It holds no training image, file name, patient or time: the same training
   * gives the same bytes.
   *
   * @param folder exists and is empty
   * @param model trained, with the block of {@code manifest}
   * @param history CSV with one row per epoch
   * @param manifest of the bundle
   * @throws IOException if the folder cannot be written
   */
  public static void write(Path folder, Manifest manifest, Model model, String history)
      throws IOException {
    Files.writeString(folder.resolve(Bundle.MANIFEST), manifest.toJson());
    Files.writeString(folder.resolve(Bundle.SERVING_PROPERTIES), servingProperties(manifest));
    Files.writeString(folder.resolve(Bundle.SYNSET), String.join("\n", manifest.classes()) + "\n");
    Files.writeString(folder.resolve(Bundle.HISTORY), history);
    Files.writeString(folder.resolve(Bundle.MODEL_CARD), ModelCard.render(manifest));
    model.setProperty("Epoch", String.valueOf(manifest.epoch()));
    model.save(folder, manifest.name());
    ReferencePrediction.write(folder, manifest, model);
    ChecksumFile.write(folder);
  }

  /**
   * Writes a bundle that was derived from another: with a k-nearest-neighbours index, or calibrated
   * on a site.
   *
   * @param folder exists and is empty
   * @param manifest of the derived model: {@link Manifest#withKnnIndex}, {@link
   *     Manifest#withCalibration}
   * @param model the derived model
   * @param source the bundle it was derived from, whose history it keeps
   * @throws IOException if the folder cannot be written
   */
  public static void writeDerived(Path folder, Manifest manifest, Model model, Bundle source)
      throws IOException {
    // A loaded block can name its inputs, which saving requires, only once it is initialized.
    // Its parameters stay as they are.
    int side = manifest.input().side();
    model
        .getBlock()
        .initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 1, side, side));
    write(folder, manifest, model, Files.readString(source.folder().resolve(Bundle.HISTORY)));
  }

  /**
   * Writes a bundle with an int8 variant beside the model, whose files stay as they are.
   *
   * @param folder exists and is empty
   * @param manifest of the derived bundle: {@link Manifest#withQuantization}
   * @param int8Model the variant as an ONNX file, from images to logits
   * @param referenceProbabilities of the variant for the reference image
   * @param source the bundle it was derived from
   * @throws IOException if the folder cannot be written
   */
  public static void writeQuantized(
      Path folder,
      Manifest manifest,
      ByteBuffer int8Model,
      double[] referenceProbabilities,
      Bundle source)
      throws IOException {
    Set<String> kept = new TreeSet<>(source.files());
    kept.removeAll(Set.of(Bundle.MANIFEST, Bundle.MODEL_CARD, ChecksumFile.FILE));
    for (String file : kept) {
      Files.copy(source.folder().resolve(file), folder.resolve(file));
    }
    Files.writeString(folder.resolve(Bundle.MANIFEST), manifest.toJson());
    Files.writeString(folder.resolve(Bundle.MODEL_CARD), ModelCard.render(manifest));
    try (FileChannel file =
        FileChannel.open(folder.resolve(Bundle.INT8_MODEL), CREATE_NEW, WRITE)) {
      ByteBuffer content = int8Model.duplicate();
      while (content.hasRemaining()) {
        file.write(content);
      }
    }
    ReferencePrediction.write(
        folder.resolve(Bundle.INT8_PREDICTION), manifest, referenceProbabilities);
    ChecksumFile.write(folder);
  }

  private static String servingProperties(Manifest manifest) {
    return String.format(
        Locale.ROOT,
        """
        engine=PyTorch
        option.modelName=%s
        option.epoch=%d
        blockFactory=%s
        translator=%s
        """,
        manifest.name(),
        manifest.epoch(),
        BundleBlockFactory.class.getName(),
        XrayTranslator.class.getName());
  }
}
