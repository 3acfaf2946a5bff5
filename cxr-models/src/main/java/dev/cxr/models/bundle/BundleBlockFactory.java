package dev.cxr.models.bundle;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.BlockFactory;
import ai.djl.nn.LambdaBlock;
import dev.cxr.data.catalogue.Task;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.ClassifierNetwork;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.neighbours.Index;
import dev.cxr.models.neighbours.NeighbourBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Builds a bundle's network for DJL, which then loads the parameters into it.
 *
 * <p>Named as {@code blockFactory} in {@code serving.properties}.
 */
public final class BundleBlockFactory implements BlockFactory {

  private static final long serialVersionUID = 1L;

  @Override
  public Block newBlock(Model model, Path modelPath, Map<String, ?> arguments) throws IOException {
    return block(Bundle.open(modelPath).manifest());
  }

  static ClassifierNetwork block(Manifest manifest) {
    ClassifierNetwork trained =
        Architecture.named(manifest.architecture())
            .create(manifest.input(), Outputs.logits(manifest.task()), MemoryFormat.CHANNELS_LAST);
    Index index = manifest.index();
    return index == null
        ? trained
        : voting(
            trained, manifest.task(), index, new NeighbourBlock(index, manifest.classes().size()));
  }

  /** The layers of a network up to what its index compares, and then the vote. */
  static ClassifierNetwork voting(
      ClassifierNetwork trained, Task task, Index index, NeighbourBlock vote) {
    return switch (index.over()) {
      case EMBEDDINGS -> trained.withHead("vote", vote);
      case PROBABILITIES ->
          trained
              .followedBy("probabilities", new LambdaBlock(logits -> likelihoods(task, logits)))
              .followedBy("vote", vote);
    };
  }

  private static NDList likelihoods(Task task, NDList logits) {
    return new NDList(Outputs.likelihoods(task, logits.singletonOrThrow()));
  }
}
