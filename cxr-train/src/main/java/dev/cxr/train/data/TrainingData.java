package dev.cxr.train.data;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.dataset.ChestXrayDataset;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.index.ClassNames;
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
import java.util.stream.Collectors;

/**
 * The images of a run.
 *
 * @param images decoded training and validation images
 * @param train augmented and shuffled
 * @param validation as they are
 * @param hasTestSplit whether the dataset also has test images, which are not read
 */
public record TrainingData(
    ImageStore images, ChestXrayDataset train, ChestXrayDataset validation, boolean hasTestSplit) {

  /**
   * Reads the images of a dataset for a recipe.
   *
   * @param dataset opened with the recipe's validation split
   * @param recipe the recipe
   * @return the training and validation images
   * @throws UserErrorException if an image cannot be read, or a split lacks a class
   * @throws IOException if a file cannot be read or written
   */
  public static TrainingData open(Recipe recipe, DatasetIndex dataset) throws IOException {
    DatasetIndex selected = selectImages(dataset, recipe.task());
    ImageStore images =
        ImageStore.open(selected, EnumSet.of(Split.TRAIN, Split.VALIDATION), recipe.side());
    TrainingData data =
        new TrainingData(
            images,
            train(images, recipe, recipe.augmentation()),
            builder(images, Split.VALIDATION, recipe).build(),
            !selected.inSplit(Split.TEST).isEmpty());
    boolean normalsSuffice = recipe.task().isAnomaly();
    data.requireClasses(data.train, "training", recipe.task(), normalsSuffice);
    data.requireClasses(
        data.validation,
        "validation",
        recipe.task(),
        normalsSuffice && recipe.monitor() != Monitor.VALIDATION_AUROC);
    return data;
  }

  /** Omits images of classes that the task does not include or does not train on. */
  private static DatasetIndex selectImages(DatasetIndex dataset, Task task) {
    List<Xray> kept =
        dataset.xrays().stream()
            .filter(
                x ->
                    x.split() == Split.TRAIN
                        ? task.trainsOn(x.finding())
                        : task.includes(x.finding()))
            .toList();
    int omitted = dataset.xrays().size() - kept.size();
    List<String> notices =
        List.of(
            "Images omitted because the task does not train on their class: %d."
                .formatted(omitted));
    return dataset.withXrays(kept, omitted == 0 ? List.of() : notices);
  }

  /**
   * The training images of a recipe, with an augmentation.
   *
   * @param images decoded
   * @param recipe the recipe
   * @param augmentation to apply
   * @return a dataset that is shuffled and augmented
   */
  public static ChestXrayDataset train(
      ImageStore images, Recipe recipe, Augmentation augmentation) {
    return builder(images, Split.TRAIN, recipe)
        .optAugmentation(augmentation)
        .optSampling(recipe.sampling())
        .optSeed(recipe.seed())
        .build();
  }

  /**
   * The validation images, augmented as in training, differently in each epoch.
   *
   * @param images decoded
   * @param recipe the recipe
   * @return a dataset in order of the validation images
   */
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
    Map<String, Integer> counts = countPerClass(dataset.labels(), task);
    List<String> classes = firstOnly ? task.classes().subList(0, 1) : task.classes();
    if (classes.stream().anyMatch(each -> counts.getOrDefault(each, 0) == 0)) {
      throw UserErrorException.of(
          "%s images of %s".formatted(name, String.join(" and ", classes)),
          "%s for training and %s for validation in %s%s"
              .formatted(
                  countPerClass(train.labels(), task),
                  countPerClass(validation.labels(), task),
                  images.index().name(),
                  images.index().notices().stream()
                      .map(notice -> " (" + notice + ")")
                      .collect(Collectors.joining())),
          "Add images: each class needs at least two patients, one of them for validation.");
    }
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
   * The class weights of the loss; classes that sampling balances have equal weights.
   *
   * @param recipe the recipe
   * @return one weight per class, in the order of the task's classes
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

  /** {@return identifies the training and validation images with their labels} */
  public String fingerprint() {
    return images.fingerprint(Split.TRAIN) + images.fingerprint(Split.VALIDATION);
  }

  /**
   * The dataset entry of the bundle's manifest.
   *
   * @param recipe the recipe
   * @return name, split rule, sizes and fingerprints
   */
  public Manifest.DatasetInfo toManifestData(Recipe recipe) {
    Map<String, Manifest.SplitData> splits = new LinkedHashMap<>();
    for (ChestXrayDataset dataset : List.of(train, validation)) {
      Split split = dataset == train ? Split.TRAIN : Split.VALIDATION;
      splits.put(
          split.toString(),
          new Manifest.SplitData(
              (int) dataset.size(),
              countPerClass(dataset.labels(), recipe.task()),
              images.fingerprint(split)));
    }
    DatasetIndex index = images.index();
    return new Manifest.DatasetInfo(
        index.name(),
        index.synthetic(),
        index.splitRule(),
        recipe.validation(),
        splits,
        recipe.classes().equals(ClassNames.BUILT_IN) ? null : recipe.classes(),
        recipe.dicomWindow() == 1 ? null : recipe.dicomWindow());
  }
}
