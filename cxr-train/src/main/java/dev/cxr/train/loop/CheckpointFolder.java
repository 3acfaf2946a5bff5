package dev.cxr.train.loop;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.FileTree;
import dev.cxr.train.learner.Learner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code checkpoints/} of a run folder, which keeps the last two.
 *
 * @param path of the folder, which need not exist
 */
public record CheckpointFolder(Path path) {

  private static final int KEPT_CHECKPOINTS = 2;

  /**
   * Whether nothing was saved yet.
   *
   * @return true without a checkpoint
   * @throws IOException if a file cannot be read or written
   */
  public boolean isEmpty() throws IOException {
    return newestFirst().isEmpty();
  }

  /** Saves the learner, then deletes all checkpoints but the last two. */
  void save(Learner learner, TrainingState state) throws IOException {
    Files.createDirectories(path);
    learner.save(path.resolve(fileName(state)), state.toJson());
    for (Path old : newestFirst().stream().skip(KEPT_CHECKPOINTS).toList()) {
      Files.delete(old);
    }
  }

  /** The file name of a state's checkpoint. */
  static String fileName(TrainingState state) {
    return String.format(Locale.ROOT, "%05d-%06d.ckpt", state.epoch(), state.batch());
  }

  /**
   * Restores the newest checkpoint that is intact.
   *
   * @return empty if nothing was saved yet
   * @throws UserErrorException if every checkpoint is damaged
   */
  Optional<TrainingState> restore(Learner learner, TrainingListener listener) throws IOException {
    for (Path unfinished : list(true)) { // a killed process leaves hidden files
      Files.delete(unfinished);
    }
    @Nullable UserErrorException firstError = null;
    for (Path checkpoint : newestFirst()) {
      try {
        return Optional.of(TrainingState.fromJson(learner.restore(checkpoint)));
      } catch (UserErrorException error) {
        listener.onMessage("Note: " + error.getMessage());
        firstError = firstError == null ? error : firstError;
      }
    }
    if (firstError != null) {
      throw firstError;
    }
    return Optional.empty();
  }

  /**
   * Deletes the folder, which a complete run does not need.
   *
   * @throws IOException if a file cannot be read or written
   */
  public void delete() throws IOException {
    FileTree.delete(path);
  }

  private List<Path> newestFirst() throws IOException {
    return list(false);
  }

  private List<Path> list(boolean hidden) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(".") == hidden)
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }
}
