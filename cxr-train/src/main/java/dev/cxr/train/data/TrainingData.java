package dev.cxr.train.data;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.dataset.ChestXrayDataset;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.Xray;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.train.recipe.Monitor;
import dev.cxr.train.recipe.Recipe;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run learns from and chooses by.
 *
 * @param images training and validation pictures
 * @param train augmented and shuffled
 * @param validation as it is
 */
public record TrainingData(ImageStore images, ChestXrayDataset train, ChestXrayDataset validation) {

  /**
   * Reads the pixels of a collection for a recipe.
   *
   * @param catalogue opened with the recipe's validation rule
   * @throws UserErrorException if a picture cannot be read, or a class is missing on either side
   */
  public static TrainingData open(Recipe recipe, DatasetIndex catalogue) throws IOException {
    DatasetIndex selected = selectImages(catalogue, recipe.task());
    ImageStore images =
        ImageStore.open(selected, EnumSet.of(Split.TRAIN, Split.VALIDATION), recipe.side());
    TrainingData data =
        new TrainingData(
            images,
            train(images, recipe, recipe.augmentation()),
            builder(images, Split.VALIDATION, recipe).build());
    boolean normalsSuffice = recipe.task() == Task.ANOMALY;
    data.requireClasses(data.train, "training", recipe.task(), normalsSuffice);
    data.requireClasses(
        data.validation,
        "validation",
        recipe.task(),
        normalsSuffice && recipe.monitor() != Monitor.VALIDATION_AUROC);
    return data;
  }

  /** Leaves out what takes no part in the task, or is not learned from. */
  private static DatasetIndex selectImages(DatasetIndex catalogue, Task task) {
    List<Xray> kept =
        catalogue.xrays().stream()
            .filter(
                x ->
                    x.split() == Split.TRAIN
                        ? task.trainsOn(x.finding())
                        : task.includes(x.finding()))
            .toList();
    int omitted = catalogue.xrays().size() - kept.size();
    List<String> notices =
        List.of("Pictures left out, which the task does not learn from: %d.".formatted(omitted));
    return catalogue.withXrays(kept, omitted == 0 ? List.of() : notices);
  }

  /** The training pictures of a recipe, under an augmentation of its own or another. */
  public static ChestXrayDataset train(
      ImageStore images, Recipe recipe, Augmentation augmentation) {
    return builder(images, Split.TRAIN, recipe)
        .optAugmentation(augmentation)
        .optSampling(recipe.sampling())
        .optSeed(recipe.seed())
        .build();
  }

  /** The validation pictures of a recipe, augmented as in training, other draws each epoch. */
  public static ChestXrayDataset validationViews(ImageStore images, Recipe recipe) {
    return builder(images, Split.VALIDATION, recipe)
        .optAugmentation(recipe.augmentation())
        .optSeed(recipe.seed())
        .build();
  }

  private static ChestXrayDataset.Builder builder(ImageStore images, Split split, Recipe recipe) {
    return ChestXrayDataset.builder()
        .setImages(images, split)
        .setTask(recipe.task())
        .setBatchSize(recipe.batchSize());
  }

  private void requireClasses(ChestXrayDataset dataset, String name, Task task, boolean firstOnly) {
    Map<String, Integer> counts = countPerClass(dataset, task);
    List<String> classes = firstOnly ? task.classes().subList(0, 1) : task.classes();
    if (classes.stream().anyMatch(each -> counts.getOrDefault(each, 0) == 0)) {
      throw UserErrorException.of(
          "%s pictures of %s".formatted(name, String.join(" and ", classes)),
          "%s in %s".formatted(counts, images.index().name()),
          "A model learns to tell classes apart from pictures of each: add what is missing.");
    }
  }

  /** How many pictures of each class. */
  static Map<String, Integer> countPerClass(ChestXrayDataset dataset, Task task) {
    return countPerClass(dataset.labels(), task);
  }

  private static Map<String, Integer> countPerClass(int[] labels, Task task) {
    List<String> classes = task.classes();
    int[] counts = new int[classes.size()];
    for (int label : labels) {
      counts[label]++;
    }
    Map<String, Integer> perClass = new LinkedHashMap<>();
    for (int i = 0; i < counts.length; i++) {
      perClass.put(classes.get(i), counts[i]);
    }
    return perClass;
  }

  /**
   * What the loss counts a picture of each class for: what sampling has evened out weighs alike.
   */
  public double[] classWeights(Recipe recipe) {
    double[] weights = new double[recipe.task().classes().size()];
    Arrays.fill(weights, 1);
    if (recipe.classWeights() == Recipe.ClassWeights.BALANCED) {
      int i = 0;
      for (int count : countPerClass(train.epochLabels(1), recipe.task()).values()) {
        weights[i++] = (double) train.epochSize() / (weights.length * count);
      }
    }
    return weights;
  }

  /** Identifies the pictures and findings that are learned from and judged by. */
  public String fingerprint() {
    return images.fingerprint(Split.TRAIN) + images.fingerprint(Split.VALIDATION);
  }

  /** What a bundle tells of the data. */
  public Manifest.DatasetInfo toManifestData(Recipe recipe) {
    Map<String, Manifest.SplitData> splits = new LinkedHashMap<>();
    for (ChestXrayDataset dataset : List.of(train, validation)) {
      Split split = dataset == train ? Split.TRAIN : Split.VALIDATION;
      splits.put(
          split.toString(),
          new Manifest.SplitData(
              (int) dataset.size(),
              countPerClass(dataset, recipe.task()),
              images.fingerprint(split)));
    }
    DatasetIndex catalogue = images.index();
    return new Manifest.DatasetInfo(
        catalogue.name(),
        catalogue.synthetic(),
        catalogue.splitRule(),
        recipe.validation(),
        splits);
  }
}
