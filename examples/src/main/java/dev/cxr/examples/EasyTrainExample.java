package dev.cxr.examples;

import ai.djl.Model;
import ai.djl.basicmodelzoo.basic.Mlp;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import dev.cxr.data.dataset.ChestXrayDataset;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.ValidationSplitRule;
import java.util.EnumSet;

/** Trains a network of DJL's model zoo in DJL's own training loop. */
public final class EasyTrainExample {

  /** Arguments: dataset, such as {@code synthetic}; number of epochs. */
  public static void main(String... arguments) throws Exception {
    var index = DatasetReader.read(arguments[0], ValidationSplitRule.DEFAULT);
    var images = ImageStore.open(index, EnumSet.of(Split.TRAIN), 32);
    var builder = ChestXrayDataset.builder().setImages(images, Split.TRAIN).setTask(Task.BINARY);
    ChestXrayDataset dataset = builder.setBatchSize(32).build();
    var config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss());
    config.addTrainingListeners(TrainingListener.Defaults.logging());
    try (Model model = Model.newInstance("mlp")) {
      model.setBlock(new Mlp(32 * 32, 2, new int[] {64}));
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(1, 1, 32, 32));
        EasyTrain.fit(trainer, Integer.parseInt(arguments[1]), dataset, null);
      }
    }
  }
}
