package dev.cxr.models.bundle;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.architecture.Stage;
import dev.cxr.models.composition.KnnClassifier;
import dev.cxr.models.explanation.GradCam;
import dev.cxr.models.knn.KnnBlock;
import dev.cxr.models.knn.KnnIndex;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A bundle's model, loaded and ready to be asked.
 *
 * <p>Answers from any thread; on the CPU the engine uses all its threads for each batch.
 */
public final class Classifier implements AutoCloseable {

  private final Manifest manifest;
  private final Model model;
  private final PredictionBlock network;
  private final ParameterStore parameters;

  /** The model's block is that of the manifest. */
  Classifier(Manifest manifest, Model model) {
    this.manifest = manifest;
    this.model = model;
    this.network = (PredictionBlock) model.getBlock();
    this.parameters = new ParameterStore(model.getNDManager(), false);
  }

  /**
   * Loads the model and has it predict the bundle's golden picture.
   *
   * @throws UserErrorException if it does not load or does not give the probabilities that the
   *     bundle promises
   * @throws IOException if a file cannot be read
   */
  public static Classifier load(Bundle bundle) throws IOException {
    Manifest manifest = bundle.manifest();
    Model model = Model.newInstance(manifest.name(), "PyTorch");
    try {
      model.setBlock(BundleBlockFactory.createBlock(manifest));
      model.load(
          bundle.folder(), manifest.name(), Map.of("epoch", String.valueOf(manifest.epoch())));
      if (!model.getBlock().isInitialized()) { // DJL passes over a file that is not its own
        throw new MalformedModelException("no parameters as DJL writes them");
      }
      Classifier classifier = new Classifier(manifest, model);
      ReferencePrediction.check(bundle, classifier);
      return classifier;
    } catch (MalformedModelException
        | EOFException
        | EngineException
        | IllegalArgumentException e) {
      model.close();
      throw UserErrorException.of(
          "parameters of " + manifest.architecture() + " in " + bundle.folder(),
          "others (" + e + ")",
          "Train the bundle again.");
    } catch (RuntimeException | IOException e) {
      model.close();
      throw e;
    }
  }

  /**
   * The same network, but the nearest of these examples vote. It shares this one's parameters:
   * close it first.
   *
   * @param knnManifest the manifest of the network that votes, with its index
   * @param features what {@link #features} gives for each example
   * @param labels the class index of each
   */
  public Classifier withKnnIndex(Manifest knnManifest, float[][] features, int[] labels) {
    KnnIndex index =
        Objects.requireNonNull(knnManifest.knnIndex(), "the manifest of a network that votes");
    KnnBlock knnBlock = new KnnBlock(index, knnManifest.classes().size());
    knnBlock.setExamples(manager(), features, labels);
    KnnClassifier knnClassifier = new KnnClassifier(network, index.features(), knnBlock);
    int side = knnManifest.input().side();
    knnClassifier.initialize(manager(), DataType.FLOAT32, new Shape(1, 1, side, side));
    Model knnModel = Model.newInstance(knnManifest.name(), "PyTorch");
    knnModel.setBlock(knnClassifier);
    return new Classifier(knnManifest, knnModel);
  }

  /**
   * What an index compares of the pictures of a batch.
   *
   * @param batch as of {@link #probabilities(NDArray)}
   * @return N vectors of one length
   */
  public float[][] features(KnnIndex.FeatureKind kind, NDArray batch) {
    return toRows(KnnClassifier.features(network, kind, parameters, batch));
  }

  /** What answers, to be composed with others; it lives as long as this does. */
  public PredictionBlock block() {
    return network;
  }

  /** Parent of whatever is fed to {@link #probabilities(NDArray)}. */
  public NDManager manager() {
    return model.getNDManager();
  }

  /**
   * Asks about pictures of any size.
   *
   * @return for each picture the probabilities of the task's classes, in order
   */
  public double[][] probabilities(List<GrayImage> images) {
    try (NDManager batch = manager().newSubManager()) {
      return probabilities(toBatch(batch, images));
    }
  }

  /**
   * Asks about a batch.
   *
   * @param batch (N, 1, side, side) float32 in [0, 1]; what is made of it goes with its manager
   * @return N times the probabilities of the task's classes, in order
   */
  public double[][] probabilities(NDArray batch) {
    float[][] logits = toRows(network.forward(parameters, new NDList(batch), false).get(0));
    double[][] probabilities = new double[logits.length][];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] =
          LogitDecoder.probabilities(manifest.task(), logits[i], manifest.temperature());
    }
    return probabilities;
  }

  /**
   * The embeddings of pictures of any size: {@link PredictionBlock#embed}.
   *
   * @return a vector for each picture, all of one length
   */
  public float[][] embeddings(List<GrayImage> images) {
    try (NDManager batch = manager().newSubManager()) {
      return embeddings(toBatch(batch, images));
    }
  }

  /**
   * The embeddings of a batch.
   *
   * @param batch as of {@link #probabilities(NDArray)}
   * @return N vectors of one length
   */
  public float[][] embeddings(NDArray batch) {
    return toRows(network.embed(parameters, batch));
  }

  /**
   * The layers that {@link #featureMaps} and {@link #gradCam} can be asked about, in order; the
   * last is the one whose maps say most about the answer. Of a cascade, whose networks are built
   * alike, feature maps are those of the first step.
   *
   * @throws UserErrorException if the task is that of anomalies
   */
  public List<String> convolutionalLayers() {
    List<Stage> stages = gradCamTarget(0).network().stages();
    return stages.subList(0, stages.size() - 1).stream()
        .flatMap(stage -> stage.layers().stream())
        .toList();
  }

  /**
   * What a layer makes of a picture of any size.
   *
   * @param layer one of {@link #convolutionalLayers}
   * @return a map of h rows for each of the layer's channels
   * @throws UserErrorException if there is no such layer, or it gives no maps
   */
  public float[][][] featureMaps(GrayImage image, String layer) {
    try (NDManager scope = manager().newSubManager()) {
      NDArray maps =
          gradCamTarget(0).network().featureMaps(parameters, toBatch(scope, List.of(image)), layer);
      float[][][] channels = new float[(int) maps.getShape().get(1)][][];
      for (int channel = 0; channel < channels.length; channel++) {
        channels[channel] = toRows(maps.get(0, channel));
      }
      return channels;
    }
  }

  /** Whether {@link #gradCam} and feature maps can be asked for: whether a classifier decides. */
  public boolean supportsGradCam() {
    return network.gradCamTarget(0).isPresent();
  }

  /**
   * Where in a picture of any size the evidence for a class lies: {@link GradCam}.
   *
   * @param className one of the task's classes
   * @param layer one of {@link #convolutionalLayers}
   * @return h rows of values of 0 or more, on a scale of their own
   * @throws UserErrorException if there is no such class or layer, or it gives no maps
   */
  public float[][] gradCam(GrayImage image, String className, String layer) {
    int classIndex = manifest.classes().indexOf(className);
    if (classIndex < 0) {
      throw UserErrorException.ofUsage(
          "a class of " + String.join(", ", manifest.classes()),
          "'" + className + "'",
          "Choose one of those.");
    }
    try (NDManager scope = manager().newSubManager()) {
      NDArray batch = toBatch(scope, List.of(image));
      PredictionBlock.GradCamTarget target = gradCamTarget(classIndex);
      return toRows(
          GradCam.compute(target.network(), parameters, batch, layer, target.score()).get(0));
    }
  }

  /** To be written down. */
  Model model() {
    return model;
  }

  private PredictionBlock.GradCamTarget gradCamTarget(int classIndex) {
    return network
        .gradCamTarget(classIndex)
        .orElseThrow(
            () ->
                UserErrorException.of(
                    "a bundle whose answer is that of a classifying network",
                    manifest.knnIndex() == null
                        ? "'%s', which tells how unlike normals a picture is"
                            .formatted(manifest.architecture())
                        : "'%s', whose classes are voted by neighbours".formatted(manifest.name()),
                    manifest.knnIndex() == null
                        ? "Look at its score instead."
                        : "Ask the bundle that it was indexed from."));
  }

  /**
   * Resizes images of any size to the network's input.
   *
   * @return (N, 1, side, side) float32 in [0, 1], attached to its owner
   */
  public NDArray toBatch(NDManager owner, List<GrayImage> images) {
    int side = manifest.input().side();
    float[] pixels = new float[images.size() * side * side];
    for (int i = 0; i < images.size(); i++) {
      writePixels(pixels, i * side * side, images.get(i), side);
    }
    return owner.create(pixels, new Shape(images.size(), 1, side, side));
  }

  private static float[][] toRows(NDArray array) {
    int width = (int) array.getShape().get(1);
    float[] values = array.toFloatArray();
    float[][] rows = new float[values.length / width][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Arrays.copyOfRange(values, row * width, (row + 1) * width);
    }
    return rows;
  }

  /** Pixels as a network is fed: resized, then divided by 255. */
  static void writePixels(float[] out, int offset, GrayImage image, int side) {
    byte[] pixels = Resampler.resize(image, side, side).pixels();
    for (int i = 0; i < pixels.length; i++) {
      out[offset + i] = (pixels[i] & 0xFF) / 255f;
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
