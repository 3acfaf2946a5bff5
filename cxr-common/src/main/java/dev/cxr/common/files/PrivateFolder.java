package dev.cxr.common.files;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Folders whose files nobody but this user and root can write, so that code and data in them can be
 * trusted.
 *
 * <p>Such a folder belongs to this user or root and is writable by its owner only. The same holds
 * for the folders above it, or others could replace it; among these, shared ones are allowed where
 * the system prevents that: with the sticky bit, as {@code /tmp} has it, or as the root of a mount,
 * as a container's volumes are.
 */
public final class PrivateFolder {

  private static final int ROOT = 0;
  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int STICKY = 01000;
  private static final Path THIS_PROCESS = Path.of("/proc/self");

  /** The owner of what belongs to users outside the user namespace of a container. */
  private static final int UNMAPPED = 65534;

  private static final Path USER_MAP = Path.of("/proc/self/uid_map");
  private static final String ALL_USERS = "\\s*0\\s+0\\s+4294967295\\s*";

  private PrivateFolder() {}

  /**
   * Creates a folder with mode 700, if it does not exist, and checks that it is private.
   *
   * @param folder may exist
   * @param alternative how to choose another one, a sentence for the error message
   * @return its path without symbolic links
   * @throws dev.cxr.common.cli.UserErrorException if others can write it
   * @throws IOException if it cannot be created
   */
  public static Path create(Path folder, String alternative) throws IOException {
    Path path = resolveLinks(folder.toAbsolutePath().normalize());
    for (Path missing = firstMissing(path); missing != null; missing = firstMissing(path)) {
      createPrivate(missing);
    }
    require(path, alternative);
    return path;
  }

  /**
   * Checks that a folder is private.
   *
   * @param folder may not exist yet: then those above it are checked
   * @param alternative how to choose another one, a sentence for the error message
   * @throws dev.cxr.common.cli.UserErrorException if others can write it
   * @throws IOException if it cannot be read
   */
  public static void require(Path folder, String alternative) throws IOException {
    Optional<String> problem = problem(folder);
    if (problem.isPresent()) {
      throw UserErrorException.of(
          "a folder for code and caches that only this user or root can write",
          problem.get(),
          alternative);
    }
  }

  /**
   * {@return why others could write a folder; empty if they cannot, or if this system has no POSIX
   * permissions}
   *
   * @param folder may not exist yet: then those above it are checked
   * @throws IOException if it cannot be read
   */
  public static Optional<String> problem(Path folder) throws IOException {
    Path path = resolveLinks(folder.toAbsolutePath().normalize());
    if (!hasPosixPermissions(Objects.requireNonNull(path.getRoot()))) {
      return Optional.empty();
    }
    int user = userId();
    boolean inNamespace =
        Files.isReadable(USER_MAP) && !Files.readString(USER_MAP).matches(ALL_USERS);
    for (Path level = path; level != null; level = level.getParent()) {
      if (!Files.exists(level, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      Map<String, Object> attributes =
          Files.readAttributes(level, "unix:uid,mode,dev", LinkOption.NOFOLLOW_LINKS);
      int owner = (int) Objects.requireNonNull(attributes.get("uid"));
      int mode = (int) Objects.requireNonNull(attributes.get("mode"));
      boolean isOfTheHost = inNamespace && owner == UNMAPPED && !level.equals(path);
      if (owner != user && owner != ROOT && !isOfTheHost) {
        return Optional.of("%s of the user with id %d".formatted(level, owner));
      }
      boolean protectsEntries = !level.equals(path) && ((mode & STICKY) != 0 || isMountRoot(level));
      if ((mode & WRITABLE_BY_OTHERS) != 0 && !protectsEntries) {
        return Optional.of(
            "%s, which others can write (mode %o; 'chmod go-w' would change that)"
                .formatted(level, mode & 07777));
      }
    }
    return Optional.empty();
  }

  /**
   * {@return the id of this process's user}
   *
   * @throws IOException if it cannot be found out
   */
  public static int userId() throws IOException {
    if (Files.exists(THIS_PROCESS)) {
      return (int) Files.getAttribute(THIS_PROCESS, "unix:uid");
    }
    Path own = Files.createTempFile("cxr", ".tmp");
    try {
      return (int) Files.getAttribute(own, "unix:uid");
    } finally {
      Files.delete(own);
    }
  }

  private static boolean isMountRoot(Path folder) throws IOException {
    Path parent = folder.getParent();
    return parent != null
        && !Files.getAttribute(folder, "unix:dev").equals(Files.getAttribute(parent, "unix:dev"));
  }

  /** Resolves the symbolic links of the part that exists: they could be changed later. */
  private static Path resolveLinks(Path path) throws IOException {
    Path missing = firstMissing(path);
    if (missing == null) {
      return path.toRealPath();
    }
    Path parent = Objects.requireNonNull(missing.getParent());
    return parent.toRealPath().resolve(parent.relativize(path));
  }

  /** The uppermost folder of a path that does not exist. */
  private static @Nullable Path firstMissing(Path path) {
    Path missing = null;
    for (Path level = path; level != null && !Files.exists(level); level = level.getParent()) {
      missing = level;
    }
    return missing;
  }

  private static void createPrivate(Path folder) throws IOException {
    try {
      if (hasPosixPermissions(Objects.requireNonNull(folder.getParent()))) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectory(folder);
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e; // else another process has just made it
      }
    }
  }

  private static boolean hasPosixPermissions(Path folder) {
    return Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null;
  }
}
