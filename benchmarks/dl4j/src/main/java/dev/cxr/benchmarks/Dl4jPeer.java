package dev.cxr.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * binary-cnn in DeepLearning4j, with the weights and the batch that all candidates use.
 *
 * <pre>
 * Dl4jPeer training|inference MODEL SECONDS BATCH_SIZES [no-gc] [samediff]
 * </pre>
 */
public final class Dl4jPeer {

  private static final int[] WIDTHS = {32, 64, 128, 256};
  private static final double[] DROPOUT = {0, .2, .3, .4};

  private Dl4jPeer() {}

  /** Prints one line of JSON. */
  public static void main(String[] arguments) throws Exception {
    boolean isTraining = arguments[0].equals("training");
    String model = arguments[1];
    double minSeconds = Double.parseDouble(arguments[2]);
    List<String> settings = List.of(arguments).subList(4, arguments.length);
    if (settings.contains("no-gc")) {
      // Workspaces reuse the memory of a step, so periodic garbage collection is not needed.
      Nd4j.getMemoryManager().togglePeriodicGc(false);
    }
    Map<String, INDArray> inputs = read(model, "batch.npz");
    MultiLayerNetwork network = network(Math.toIntExact(inputs.get("x").size(2)));
    load(network, read(model, "weights.npz"));
    UnaryOperator<INDArray> predict = x -> network.output(x, false);
    if (settings.contains("samediff")) {
      SameDiffNetwork graph =
          new SameDiffNetwork(read(model, "weights.npz"), WIDTHS.length, inputs.get("x").size(2));
      predict = graph::output;
    }
    double maxDifference = 0;
    List<String> batches = new ArrayList<>();
    for (String size : arguments[3].split(",")) {
      INDArray x = first(inputs.get("x"), size);
      INDArray positive = first(inputs.get("probabilities"), size).getColumn(1, true);
      INDArray probabilities = predict.apply(x);
      maxDifference =
          Math.max(maxDifference, positive.sub(probabilities).amaxNumber().doubleValue());
      UnaryOperator<INDArray> inference = predict;
      Runnable step = () -> inference.apply(x).getDouble(0);
      if (isTraining) {
        INDArray labels = Nd4j.create(x.size(0), 1);
        for (int i = 0; i < x.size(0); i += 2) {
          labels.putScalar(i, 0, 1);
        }
        DataSet batch = new DataSet(x, labels);
        step = () -> network.fit(batch);
      }
      repeat(step, minSeconds / 4);
      double seconds = repeat(step, minSeconds);
      batches.add(
          String.format(
              Locale.ROOT,
              "{\"batchSize\": %s, \"imagesPerSecond\": %.3f, \"peakMebibytes\": %d}",
              size,
              x.size(0) / seconds,
              peakMebibytes()));
    }
    System.out.printf(
        Locale.ROOT,
        "{\"trainable\": %d, \"maxDifference\": %.3g, \"batches\": [%s]}%n",
        trainable(network),
        maxDifference,
        String.join(", ", batches));
  }

  private static INDArray first(INDArray array, String count) {
    return array.get(NDArrayIndex.interval(0, Long.parseLong(count))).dup();
  }

  /** The mean duration of a step, over at least that time. */
  private static double repeat(Runnable step, double seconds) {
    long started = System.nanoTime();
    int calls = 0;
    double elapsed = 0;
    while (calls == 0 || elapsed < seconds) {
      step.run();
      calls++;
      elapsed = (System.nanoTime() - started) / 1e9;
    }
    return elapsed / calls;
  }

  private static long peakMebibytes() throws IOException {
    return Files.readAllLines(Paths.get("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow(IllegalStateException::new)
        / 1024;
  }

  /** Reads an .npz file entry by entry, because Nd4j's own reader does not support compression. */
  private static Map<String, INDArray> read(String model, String name) throws IOException {
    Map<String, INDArray> arrays = new HashMap<>();
    try (ZipFile zip = new ZipFile(new File(model, name))) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        byte[] npy = zip.getInputStream(entry).readAllBytes();
        arrays.put(entry.getName().replace(".npy", ""), Nd4j.createNpyFromByteArray(npy));
      }
    }
    return arrays;
  }

  private static MultiLayerNetwork network(int side) {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .updater(new Adam(3e-5))
            .weightInit(WeightInit.RELU)
            .convolutionMode(ConvolutionMode.Same)
            .list();
    for (int i = 0; i < WIDTHS.length; i++) {
      layers
          .layer(
              new ConvolutionLayer.Builder(3, 3)
                  .nOut(WIDTHS[i])
                  .activation(Activation.RELU)
                  .build())
          .layer(new BatchNormalization.Builder().useLogStd(false).eps(1e-5).build())
          .layer(
              new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                  .kernelSize(2, 2)
                  .stride(2, 2)
                  .build());
      if (DROPOUT[i] > 0) {
        // DeepLearning4j takes the probability of keeping a value.
        layers.layer(new DropoutLayer(new Dropout(1 - DROPOUT[i])));
      }
    }
    MultiLayerConfiguration configuration =
        layers
            .layer(new DenseLayer.Builder().nOut(128).activation(Activation.RELU).build())
            .layer(new BatchNormalization.Builder().useLogStd(false).eps(1e-5).build())
            .layer(new DropoutLayer(new Dropout(.5)))
            .layer(
                new OutputLayer.Builder(LossFunction.XENT)
                    .nOut(1)
                    .activation(Activation.SIGMOID)
                    .build())
            .setInputType(InputType.convolutional(side, side, 1))
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  /** Assigns cxr's weights layer by layer; DJL stores dense weights transposed. */
  private static void load(MultiLayerNetwork network, Map<String, INDArray> weights) {
    int conv = 0;
    int norm = 0;
    for (Layer layer : network.getLayers()) {
      if (layer.conf().getLayer() instanceof ConvolutionLayer) {
        conv++;
        layer.getParam("W").assign(weights.remove("conv" + conv + "_weight"));
        assign(layer, "b", weights.remove("conv" + conv + "_bias"));
      } else if (layer.conf().getLayer() instanceof BatchNormalization) {
        norm++;
        String name = norm <= WIDTHS.length ? "bn" + norm : "bn";
        assign(layer, "gamma", weights.remove(name + "_gamma"));
        assign(layer, "beta", weights.remove(name + "_beta"));
        assign(layer, "mean", weights.remove(name + "_runningMean"));
        assign(layer, "var", weights.remove(name + "_runningVar"));
      } else if (layer.conf().getLayer() instanceof OutputLayer) {
        layer.getParam("W").assign(weights.remove("logits_weight").transpose());
        assign(layer, "b", weights.remove("logits_bias"));
      } else if (layer.conf().getLayer() instanceof DenseLayer) {
        layer.getParam("W").assign(weights.remove("dense_weight").transpose());
        assign(layer, "b", weights.remove("dense_bias"));
      }
    }
    if (!weights.isEmpty()) {
      throw new IllegalStateException(
          "Expected weights of binary-cnn alone; found further ones: " + weights.keySet());
    }
  }

  private static void assign(Layer layer, String name, INDArray values) {
    INDArray parameter = layer.getParam(name);
    parameter.assign(values.reshape(parameter.shape()));
  }

  /** Trainable parameters; DeepLearning4j counts running statistics as parameters too. */
  private static long trainable(MultiLayerNetwork network) {
    return Stream.of(network.getLayers())
        .flatMap(layer -> layer.paramTable().entrySet().stream())
        .filter(parameter -> !parameter.getKey().matches("mean|var"))
        .mapToLong(parameter -> parameter.getValue().length())
        .sum();
  }
}
