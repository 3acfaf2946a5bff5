package dev.cxr.models.bundle;

import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes a trained model as a bundle. */
public final class BundleWriter {

  private BundleWriter() {}

  /**
   * Fills an empty folder with the files of a bundle. It holds no training picture, file name,
   * patient or time of day: the same training gives the same bytes.
   *
   * @param folder exists and is empty
   * @param model trained, its block being that of {@code manifest}
   * @param history one row an epoch, as CSV
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
   * Fills an empty folder with a bundle whose classes are voted.
   *
   * @param folder exists and is empty
   * @param manifest of the network that votes, with its index
   * @param classifier what {@link Classifier#withKnnIndex} gave
   * @param source the bundle whose network it is
   * @throws IOException if the folder cannot be written
   */
  public static void writeKnn(Path folder, Manifest manifest, Classifier classifier, Bundle source)
      throws IOException {
    write(
        folder,
        manifest,
        classifier.model(),
        Files.readString(source.folder().resolve(Bundle.HISTORY)));
  }

  /**
   * Fills an empty folder with the bundle of the same network at an operating point fitted to a
   * site.
   *
   * @param folder exists and is empty
   * @param manifest what {@link Manifest#withCalibration} gave
   * @param source the bundle that it was made of
   * @param classifier of that bundle
   * @throws IOException if the folder cannot be written
   */
  public static void writeCalibrated(
      Path folder, Manifest manifest, Bundle source, Classifier classifier) throws IOException {
    // A loaded block cannot name its inputs, which saving asks for, until it is initialized;
    // parameters that it has stay as they are.
    int side = manifest.input().side();
    Model model = classifier.model();
    model
        .getBlock()
        .initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 1, side, side));
    write(folder, manifest, model, Files.readString(source.folder().resolve(Bundle.HISTORY)));
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
