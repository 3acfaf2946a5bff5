package dev.cxr.eval.prediction;

import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.Xray;
import java.util.List;

/** A collection as far as a task asks about it. */
public final class TaskFilter {

  private TaskFilter() {}

  /** The pictures whose finding takes part, with a notice of how many others there are. */
  public static DatasetIndex apply(DatasetIndex catalogue, Task task) {
    List<Xray> kept = catalogue.xrays().stream().filter(x -> task.includes(x.finding())).toList();
    int left = catalogue.xrays().size() - kept.size();
    List<String> notices =
        left == 0
            ? List.of()
            : List.of(
                "Pictures left out, for their finding takes no part in the task: %d."
                    .formatted(left));
    return catalogue.withXrays(kept, notices);
  }
}
