package dev.cxr.models.bundle;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.BlockFactory;
import dev.cxr.models.architecture.Answering;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.composition.Composition;
import dev.cxr.models.composition.Vote;
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

  static Answering block(Manifest manifest) {
    Answering trained =
        Composition.named(manifest.architecture())
            .create(manifest.input(), Outputs.logits(manifest.task()), MemoryFormat.CHANNELS_LAST);
    Index index = manifest.index();
    return index == null
        ? trained
        : new Vote(trained, index.over(), new NeighbourBlock(index, manifest.classes().size()));
  }
}
