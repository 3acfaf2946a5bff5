package dev.cxr.eval.prediction;

import dev.cxr.data.index.DatasetIndex;
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
}
