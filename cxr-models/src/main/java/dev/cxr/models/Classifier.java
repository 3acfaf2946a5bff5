package dev.cxr.models;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.runtime.EngineDefaults;
import dev.cxr.common.runtime.MemoryNeed;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.architecture.Stage;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.BundleBlockFactory;
import dev.cxr.models.bundle.ImageBatch;
import dev.cxr.models.bundle.LogitDecoder;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.ReferencePrediction;
import dev.cxr.models.composition.KnnClassifier;
import dev.cxr.models.engine.BatchFunction;
import dev.cxr.models.engine.Computation;
import dev.cxr.models.engine.EngineSelection;
import dev.cxr.models.engine.InferenceEngine;
import dev.cxr.models.engine.Precision;
import dev.cxr.models.explanation.GradCam;
import dev.cxr.models.knn.KnnBlock;
import dev.cxr.models.knn.KnnIndex;
import dev.cxr.models.onnx.Int8Quantizer;
import dev.cxr.models.onnx.OnnxFunction;
import dev.cxr.models.summary.MemoryEstimate;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A bundle's model, loaded.
 *
 * <p>Thread-safe: any number of threads may predict at the same time. On the CPU the engine uses
 * all its threads for each batch.
 *
 * <p>Probabilities are computed by the {@linkplain InferenceEngine#current current engine}, which
 * is chosen at the first prediction, and so are embeddings; everything else by PyTorch. With the
 * {@linkplain Precision#current current precision} int8 the bundle's int8 variant computes
 * probabilities.
 *
 * <p>Loading this class turns off DJL's telemetry and downloads, unless the program has set their
 * system properties: {@link EngineDefaults}.
 *
 * <pre>{@code
 * try (Classifier classifier = Classifier.load(Path.of("runs/demo/bundle"))) {
 *   Prediction prediction = classifier.predict(Path.of("image.jpeg"));
 *   System.out.println(prediction.decision());
 * }
 * }</pre>
 *
 * @since 0.1
 */
public final class Classifier implements AutoCloseable {

  static {
    EngineDefaults.prepare();
  }

  private final Manifest manifest;
  private final Model model;
  private final PredictionBlock network;
  private final ParameterStore parameters;
  private final @Nullable String bundleId;
  private final BatchFunction logits;
  private final BatchFunction embedding;
  private final List<BatchFunction> functions = new ArrayList<>();
  private @Nullable Boolean usesOnnx;
  private @Nullable OnnxFunction int8;

  /**
   * Wraps a model in memory, which PyTorch computes; {@link #close} closes it.
   *
   * @param manifest describes the model
   * @param model whose block is that of the manifest, with its parameters
   */
  public Classifier(Manifest manifest, Model model) {
    this(manifest, model, null);
  }

  private Classifier(Manifest manifest, Model model, @Nullable String bundleId) {
    this.bundleId = bundleId;
    this.manifest = manifest;
    this.model = model;
    this.network = (PredictionBlock) model.getBlock();
    this.parameters = new ParameterStore(model.getNDManager(), false);
    this.logits = addFunction(this::logits);
    this.embedding = addFunction(images -> network.embed(parameters, images));
  }

  /**
   * Opens a bundle and loads its model.
   *
   * @param bundle the folder of a bundle
   * @return the model, which {@link #close} frees
   * @throws UserErrorException if the bundle is damaged, names an unknown architecture, or the
   *     model does not predict the bundle's reference image as it must
   * @throws IOException if a file cannot be read
   */
  public static Classifier load(Path bundle) throws IOException {
    return load(Bundle.open(bundle));
  }

  /**
   * Loads the model of an opened bundle and checks it on the bundle's reference image.
   *
   * @param bundle an opened bundle
   * @return the model, which {@link #close} frees
   * @throws UserErrorException if the parameters are not those of the network, or the model does
   *     not predict the reference image as it must
   * @throws IOException if a file cannot be read
   */
  public static Classifier load(Bundle bundle) throws IOException {
    Manifest manifest = bundle.manifest();
    Model model = Model.newInstance(manifest.name(), "PyTorch");
    try {
      model.setBlock(BundleBlockFactory.createBlock(manifest));
      model.load(
          bundle.folder(), manifest.name(), Map.of("epoch", String.valueOf(manifest.epoch())));
      if (!model.getBlock().isInitialized()) { // DJL ignores a file that it did not write
        throw new MalformedModelException("no parameters in DJL's format");
      }
      Classifier classifier = new Classifier(manifest, model, bundle.id());
      classifier.checkMemory(1, 0, "Choose a smaller model.");
      ReferencePrediction.check(bundle, classifier::pytorchProbabilities);
      if (Precision.current() == Precision.INT8) {
        classifier.useInt8(bundle);
      }
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

  private void useInt8(Bundle bundle) throws IOException {
    if (InferenceEngine.current() == InferenceEngine.PYTORCH) {
      throw UsageErrorException.of(
          "ONNX Runtime with --precision int8", "--engine pytorch", "Omit one of them.");
    }
    useInt8(bundle.int8Model());
    ReferencePrediction.checkInt8(bundle, image -> probabilities(List.of(image))[0]);
  }

  /**
   * Computes probabilities by an int8 variant from now on.
   *
   * @param model an ONNX file from images to logits, in a direct buffer: {@link #quantizer}
   */
  public void useInt8(ByteBuffer model) {
    int8 = new OnnxFunction(model::duplicate, manifest.input().side(), EngineDefaults.threads());
  }

  /**
   * Begins to make an int8 variant of this model.
   *
   * @return a quantizer of its logits, to be closed before this
   * @throws UserErrorException if the model has no ONNX form
   * @throws IOException if the temporary directory cannot be written
   */
  public Int8Quantizer quantizer() throws IOException {
    try {
      return new Int8Quantizer(this::logits, manifest.input().side(), EngineDefaults.threads());
    } catch (UnsupportedOperationException e) {
      throw UserErrorException.of(
          "a model of operations that have an ONNX form",
          "'%s' in %s".formatted(e.getMessage(), manifest.architecture()),
          "Use the bundle with float32.");
    }
  }

  private NDArray logits(NDArray images) {
    return network.forward(parameters, new NDList(images), false).get(0);
  }

  /** {@return how the probabilities are computed; chooses the engine if nothing has yet} */
  public Computation computation() {
    if (int8 != null) {
      return new Computation(InferenceEngine.ONNX, Precision.INT8);
    }
    return new Computation(
        usesOnnx() ? InferenceEngine.ONNX : InferenceEngine.PYTORCH, Precision.FLOAT32);
  }

  /**
   * Predicts an image file: JPEG, PNG, TIFF or DICOM.
   *
   * @param image an image of any size
   * @return class probabilities and the decision at the operating threshold
   * @throws IOException if the file is not a readable image
   */
  public Prediction predict(Path image) throws IOException {
    return predict(ImageDecoder.decode(image));
  }

  /**
   * Predicts an image of any size.
   *
   * @param image an image of any size
   * @return class probabilities and the decision at the operating threshold
   */
  public Prediction predict(GrayImage image) {
    return Prediction.of(manifest, probabilities(List.of(image))[0]);
  }

  /**
   * Explains an image of any size: the evidence for its {@linkplain
   * Prediction#likeliestPositiveClass likeliest positive class} in the last feature maps.
   *
   * @param image an image of any size
   * @return the heatmap
   * @throws UserErrorException if the model does not {@linkplain #supportsGradCam support it}
   */
  public Heatmap explain(GrayImage image) {
    String className = predict(image).likeliestPositiveClass();
    List<String> layers = convolutionalLayers();
    return new Heatmap(className, gradCam(image, className, layers.get(layers.size() - 1)));
  }

  /** {@return the description of the model} */
  public Manifest manifest() {
    return manifest;
  }

  /**
   * The same network with a k-nearest-neighbours vote as its last layer. It shares this one's
   * parameters: close it before this one.
   *
   * @param knnManifest the manifest of the voting model, with its index
   * @param features what {@link #features} returns for each training example
   * @param labels the class index of each example
   * @return the voting model
   */
  public Classifier withKnnIndex(Manifest knnManifest, float[][] features, int[] labels) {
    KnnIndex index = Objects.requireNonNull(knnManifest.knnIndex(), "a manifest with an index");
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
   * Computes what a k-nearest-neighbours index compares.
   *
   * @param batch (N, 1, side, side) float32 in [0, 1]
   * @param kind embeddings or probabilities
   * @return N vectors of one length
   */
  public float[][] features(KnnIndex.FeatureKind kind, NDArray batch) {
    return BatchFunction.rows(KnnClassifier.features(network, kind, parameters, batch));
  }

  /** {@return the model's block, to be composed with others; it lives as long as this} */
  public PredictionBlock block() {
    return network;
  }

  /**
   * Compares the memory that predictions need with the limit of this process; prints a warning if
   * the limit is close.
   *
   * @param batchSize images per batch
   * @param otherBytes what the caller needs beside the model and its batches
   * @param remedy how to need less, as a full sentence
   * @throws UserErrorException if the need is far above the limit
   */
  public void checkMemory(int batchSize, long otherBytes, String remedy) {
    int side = manifest.input().side();
    List<MemoryEstimate> networks = networks(network).map(n -> MemoryEstimate.of(n, side)).toList();
    long parameterBytes = networks.stream().mapToLong(MemoryEstimate::parameters).sum();
    long largestBytes = networks.stream().mapToLong(MemoryEstimate::largest).max().orElse(0);
    new MemoryNeed(
            new MemoryEstimate(parameterBytes, 0, largestBytes).inference(batchSize) + otherBytes,
            "%s in batches of %d at %d x %d"
                .formatted(manifest.architecture(), batchSize, side, side),
            remedy)
        .check();
  }

  /** The networks of a composition. */
  private static Stream<Network> networks(Block block) {
    return block instanceof Network network
        ? Stream.of(network)
        : block.getChildren().values().stream().flatMap(Classifier::networks);
  }

  /** {@return the model's manager, the parent of the managers of all batches} */
  public NDManager manager() {
    return model.getNDManager();
  }

  /** {@return DJL's model; it lives as long as this} */
  public Model model() {
    return model;
  }

  /**
   * Predicts images of any size.
   *
   * @param images of any size
   * @return for each image the probabilities of the task's classes, in order
   */
  public double[][] probabilities(List<GrayImage> images) {
    try (NDManager scope = manager().newSubManager()) {
      return probabilities(toBatch(scope, images));
    }
  }

  /**
   * Predicts a batch.
   *
   * @param batch (N, 1, side, side) float32 in [0, 1]; its manager owns the intermediate arrays
   * @return for each image the probabilities of the task's classes, in order
   */
  public double[][] probabilities(NDArray batch) {
    return decode(
        int8 == null
            ? logits.apply(batch, usesOnnx())
            : int8.apply(batch.toByteBuffer().asFloatBuffer()));
  }

  private double[] pytorchProbabilities(GrayImage image) {
    try (NDManager scope = manager().newSubManager()) {
      return decode(logits.byPytorch(toBatch(scope, List.of(image))))[0];
    }
  }

  private double[][] decode(float[][] rows) {
    return LogitDecoder.probabilities(manifest, rows);
  }

  /**
   * Prepares a function that the {@linkplain InferenceEngine engine of the probabilities} computes
   * if it can, else PyTorch.
   *
   * @param function from images (N, 1, side, side) float32 in [0, 1] to (N, values), in operations
   *     of DJL
   * @return from a batch to a row for each image; works until this is closed
   */
  public Function<NDArray, float[][]> function(UnaryOperator<NDArray> function) {
    BatchFunction added = addFunction(function);
    return batch -> added.apply(batch, usesOnnx());
  }

  private synchronized BatchFunction addFunction(UnaryOperator<NDArray> function) {
    BatchFunction added = new BatchFunction(function, manifest.input().side());
    functions.add(added);
    return added;
  }

  private synchronized boolean usesOnnx() {
    if (usesOnnx == null) {
      usesOnnx =
          bundleId != null
              && EngineSelection.usesOnnx(
                  InferenceEngine.current(),
                  bundleId,
                  manager(),
                  manifest.input().side(),
                  logits,
                  this::decode);
    }
    return usesOnnx;
  }

  /**
   * Computes {@linkplain PredictionBlock#embed embeddings} of images of any size.
   *
   * @param images of any size
   * @return a vector for each image, all of one length
   */
  public float[][] embeddings(List<GrayImage> images) {
    try (NDManager scope = manager().newSubManager()) {
      return embeddings(toBatch(scope, images));
    }
  }

  /**
   * Computes {@linkplain PredictionBlock#embed embeddings} of a batch.
   *
   * @param batch (N, 1, side, side) float32 in [0, 1]
   * @return N vectors of one length
   */
  public float[][] embeddings(NDArray batch) {
    return embedding.apply(batch, usesOnnx());
  }

  /**
   * The layers of {@link #featureMaps} and {@link #gradCam}, in order; the last one explains best.
   * Feature maps of a cascade are those of its first step.
   *
   * @return the layers of the backbone
   * @throws UserErrorException if the model does not {@linkplain #supportsGradCam support them}
   */
  public List<String> convolutionalLayers() {
    List<Stage> stages = gradCamTarget(0).network().stages();
    return stages.subList(0, stages.size() - 1).stream()
        .flatMap(stage -> stage.layers().stream())
        .toList();
  }

  /**
   * Computes the feature maps of an image of any size.
   *
   * @param layer one of {@link #convolutionalLayers}
   * @param image an image of any size
   * @return a map of h rows for each channel
   * @throws UserErrorException if there is no such layer, or it returns no maps
   */
  public float[][][] featureMaps(GrayImage image, String layer) {
    Network target = gradCamTarget(0).network();
    try (NDManager scope = manager().newSubManager()) {
      NDArray maps = target.featureMaps(parameters, toBatch(scope, List.of(image)), layer);
      float[][][] channels = new float[(int) maps.getShape().get(1)][][];
      for (int channel = 0; channel < channels.length; channel++) {
        channels[channel] = BatchFunction.rows(maps.get(0, channel));
      }
      return channels;
    }
  }

  /** {@return whether a network with feature maps decides, so that Grad-CAM can explain it} */
  public boolean supportsGradCam() {
    return network.gradCamTarget(0).isPresent();
  }

  /**
   * Computes {@linkplain GradCam Grad-CAM} for an image of any size.
   *
   * @param className one of the task's classes
   * @param layer one of {@link #convolutionalLayers}
   * @param image an image of any size
   * @return h rows of values of 0 or more, on a scale of their own
   * @throws UserErrorException if there is no such class or layer, or it returns no maps
   */
  public float[][] gradCam(GrayImage image, String className, String layer) {
    int classIndex = manifest.classes().indexOf(className);
    if (classIndex < 0) {
      throw UsageErrorException.of(
          "a class of " + String.join(", ", manifest.classes()),
          "'" + className + "'",
          "Choose one of those.");
    }
    PredictionBlock.GradCamTarget target = gradCamTarget(classIndex);
    try (NDManager scope = manager().newSubManager()) {
      NDArray batch = toBatch(scope, List.of(image));
      return BatchFunction.rows(
          GradCam.compute(target.network(), parameters, batch, layer, target.score()).get(0));
    }
  }

  private PredictionBlock.GradCamTarget gradCamTarget(int classIndex) {
    return network.gradCamTarget(classIndex).orElseThrow(this::notExplainable);
  }

  private UserErrorException notExplainable() {
    return manifest.knnIndex() == null
        ? UserErrorException.of(
            "a bundle whose classes are decided by a network with feature maps",
            "'%s'".formatted(manifest.architecture()),
            "Anomaly scores and networks of one opaque block have no Grad-CAM: use another bundle.")
        : UserErrorException.of(
            "a bundle whose classes are decided by a network",
            "'%s', which decides by a vote of nearest neighbours".formatted(manifest.name()),
            "Explain the bundle that it was made from.");
  }

  /**
   * Resizes images of any size to the network's input.
   *
   * @param owner of the batch
   * @param images of any size
   * @return (N, 1, side, side) float32 in [0, 1]
   */
  public NDArray toBatch(NDManager owner, List<GrayImage> images) {
    return ImageBatch.of(owner, images, manifest.input().side());
  }

  /** Frees the model. */
  @Override
  public synchronized void close() {
    functions.forEach(BatchFunction::close);
    if (int8 != null) {
      int8.close();
    }
    model.close();
  }
}
