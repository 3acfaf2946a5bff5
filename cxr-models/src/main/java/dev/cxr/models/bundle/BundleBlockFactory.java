package dev.cxr.models.bundle;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.BlockFactory;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.composition.KnnClassifier;
import dev.cxr.models.composition.ModelSpec;
import dev.cxr.models.knn.KnnBlock;
import dev.cxr.models.knn.KnnIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Builds the block of a bundle for DJL, which then loads the parameters into it.
 *
 * <p>{@code serving.properties} names this class as {@code blockFactory}.
 */
public final class BundleBlockFactory implements BlockFactory {

  private static final long serialVersionUID = 1L;

  @Override
  public Block newBlock(Model model, Path modelPath, Map<String, ?> arguments) throws IOException {
    return createBlock(Bundle.open(modelPath).manifest());
  }

  /**
   * Builds the block of a bundle, without parameters yet.
   *
   * @param manifest of the bundle
   * @return the network or composition that the manifest names
   */
  public static PredictionBlock createBlock(Manifest manifest) {
    PredictionBlock network =
        ModelSpec.parse(manifest.architecture())
            .create(
                manifest.input(),
                LogitDecoder.logitCount(manifest.task()),
                MemoryFormat.CHANNELS_LAST);
    KnnIndex index = manifest.knnIndex();
    return index == null
        ? network
        : new KnnClassifier(
            network, index.features(), new KnnBlock(index, manifest.classes().size()));
  }
}
