package dev.cxr.common.runtime;

import dev.cxr.common.files.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a command and the process that supervises it, the launcher or {@link JvmRelauncher}, share:
 * a folder, and a pipe as standard input of the command.
 *
 * <p>The supervisor holds the other end of the pipe and never writes: its end ends the command,
 * whatever has killed it. The command leaves its {@link MemoryNeed} in the folder, for the
 * supervisor to print if the system kills the command.
 */
final class Supervisor {

  /** The system property of the command that names the folder. */
  static final String PROPERTY = "cxr.supervisor";

  private static final String MEMORY_FILE = "memory";

  private Supervisor() {}

  /** The folder of the supervisor of this process; empty if it has none. */
  static Optional<Path> folder() {
    return Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of);
  }

  /** Exits as on SIGTERM when the supervisor is gone. */
  static void exitWithSupervisor(Path folder) {
    Thread watcher =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // nothing is sent
                }
                FileTree.delete(folder);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } finally {
                System.exit(143);
              }
            },
            "exit-with-supervisor");
    watcher.setDaemon(true);
    watcher.start();
  }

  /** Leaves lines for the supervisor, if there is one. */
  static void leave(String memoryNeed) throws IOException {
    Optional<Path> folder = folder();
    if (folder.isPresent()) {
      Files.writeString(folder.get().resolve(MEMORY_FILE), memoryNeed);
    }
  }

  /** What the command has left; empty if it has not got that far. */
  static String left(Path folder) throws IOException {
    Path file = folder.resolve(MEMORY_FILE);
    return Files.exists(file) ? Files.readString(file) : "";
  }
}
