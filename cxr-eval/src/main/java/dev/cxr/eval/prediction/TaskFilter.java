package dev.cxr.eval.prediction;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.Xray;
import java.util.List;

/** Restricts a dataset to the findings of a task. */
public final class TaskFilter {

  private TaskFilter() {}

  /**
   * {@return the images whose finding the task includes, with a notice of how many are excluded}
   *
   * @param dataset the dataset to restrict
   * @param task of the model
   */
  public static DatasetIndex apply(DatasetIndex dataset, Task task) {
    List<Xray> kept = dataset.xrays().stream().filter(x -> task.includes(x.finding())).toList();
    int excluded = dataset.xrays().size() - kept.size();
    List<String> notices =
        excluded == 0
            ? List.of()
            : List.of(
                "Images excluded because the task does not include their finding: %d."
                    .formatted(excluded));
    return dataset.withXrays(kept, notices);
  }

  /**
   * Requires an image in a split.
   *
   * @param dataset of the task
   * @param split the split
   * @param advice what to do without one, as a full sentence
   * @throws UserErrorException if there is none
   */
  public static void requireImages(DatasetIndex dataset, Split split, String advice) {
    if (dataset.inSplit(split).isEmpty()) {
      throw UserErrorException.of(
          (split == Split.TRAIN ? "training" : split) + " images that belong to the task",
          "none in " + dataset.name(),
          advice);
    }
  }
}
