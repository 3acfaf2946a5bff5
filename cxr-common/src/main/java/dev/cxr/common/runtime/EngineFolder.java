package dev.cxr.common.runtime;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.CacheFolder;
import dev.cxr.common.files.PrivateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder into which DJL unpacks PyTorch's native libraries, and from which it loads them.
 *
 * <p>{@code $ENGINE_CACHE_DIR}; else {@code $DJL_CACHE_DIR}; else {@code engine} in a {@link
 * CacheFolder} that an option or a variable names; else {@code ~/.djl.ai}, as in every program that
 * uses DJL; for a user without a home folder, {@code engine} in the {@link CacheFolder}. A folder
 * that root has filled serves all users, who need not write it.
 *
 * @since 0.3
 */
public final class EngineFolder {

  /** The environment variable, and system property, that names the folder; both are DJL's. */
  static final String VARIABLE = "ENGINE_CACHE_DIR";

  private static final String ALTERNATIVE =
      "Choose another folder with --cache-dir or the variable " + VARIABLE + ".";

  /** The libraries for a CPU need 430 MiB. */
  private static final int REQUIRED_MEBIBYTES = 450;

  private EngineFolder() {}

  /** {@return the folder} */
  public static Path path() {
    return Stream.of(VARIABLE, "DJL_CACHE_DIR")
        .flatMap(name -> Stream.of(System.getenv(name), System.getProperty(name)))
        .filter(value -> value != null && !value.isEmpty())
        .findFirst()
        .map(value -> Path.of(Objects.requireNonNull(value)))
        .orElseGet(
            () ->
                CacheFolder.isConfigured() || !CacheFolder.hasHome()
                    ? CacheFolder.resolve("engine")
                    : Path.of(System.getProperty("user.home"), ".djl.ai"));
  }

  /** Creates the folder if it does not exist, and checks that no other user can write it. */
  static void prepare() {
    Path folder = path();
    try {
      if (!Files.exists(folder)) {
        PrivateFolder.create(folder, ALTERNATIVE);
      }
      PrivateFolder.require(folder, ALTERNATIVE);
      for (Path library : libraries(folder)) {
        PrivateFolder.require(library, ALTERNATIVE);
      }
    } catch (AccessDeniedException e) {
      throw unusable("not writable", folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Folders and files of PyTorch's libraries. */
  private static List<Path> libraries(Path folder) throws IOException {
    Path pytorch = folder.resolve("pytorch");
    if (!Files.isDirectory(pytorch)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(pytorch)) {
      return files.toList();
    }
  }

  /**
   * Explains why the engine did not start, if the folder is the reason.
   *
   * @return what is wrong with the folder; empty if nothing is known
   */
  public static Optional<UserErrorException> problem() {
    Path folder = path();
    try {
      if (isMountedWithoutExecution(folder)) {
        return Optional.of(unusable("mounted with noexec", folder));
      }
      if (libraries(folder).stream().anyMatch(Files::isRegularFile)) {
        return Optional.empty(); // unpacked
      }
      if (!Files.isWritable(folder)) {
        return Optional.of(unusable("not writable", folder));
      }
      long freeMebibytes = Files.getFileStore(folder).getUsableSpace() >> 20;
      if (freeMebibytes < REQUIRED_MEBIBYTES) {
        return Optional.of(unusable("%d MiB free".formatted(freeMebibytes), folder));
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static UserErrorException unusable(String found, Path folder) {
    return UserErrorException.of(
        "a folder for PyTorch's libraries, executable, and writable with %d MiB free if it has none"
            .formatted(REQUIRED_MEBIBYTES),
        "%s: %s".formatted(folder, found),
        ALTERNATIVE);
  }

  /** Linux lists the options of each mount. */
  private static boolean isMountedWithoutExecution(Path folder) throws IOException {
    Path mounts = Path.of("/proc/self/mounts");
    if (!Files.isReadable(mounts)) {
      return false;
    }
    Path path = folder.toRealPath();
    String options = "";
    Path longest = Path.of("/");
    for (String line : Files.readAllLines(mounts)) {
      String[] fields = line.split(" ", 5); // device, folder, type, options
      Path mount = Path.of(fields[1].replace("\\040", " "));
      if (path.startsWith(mount) && mount.getNameCount() >= longest.getNameCount()) {
        longest = mount;
        options = fields[3];
      }
    }
    return List.of(options.split(",", -1)).contains("noexec");
  }
}
