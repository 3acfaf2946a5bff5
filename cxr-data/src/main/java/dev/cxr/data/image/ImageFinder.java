package dev.cxr.data.image;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.FoundImages.LeftOut;
import dev.cxr.data.image.FoundImages.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the image files below a folder by their content, whatever their names are.
 *
 * <p>An image is a file that begins like a JPEG, PNG, TIFF or DICOM file. A file of another content
 * whose name ends like that of an image counts as one too, so that decoding it says what is wrong
 * with it.
 *
 * <p>Links to files and folders are followed. Each file is found once, by its path without links if
 * that is below the folder.
 */
public final class ImageFinder {

  private static final int MAX_FILES = 1_000_000;

  /** As many as {@link DicomMetadata#isDicom(Path)} reads. */
  private static final int FIRST_BYTES = 4096;

  private static final Pattern IMAGE_NAME =
      Pattern.compile(".*\\.(jpe?g|png|tiff?|dcm)", Pattern.CASE_INSENSITIVE);

  private static final Pattern EXPECTED_NAME =
      Pattern.compile(
          "\\..*|__MACOSX|@eaDir|\\$RECYCLE\\.BIN|System Volume Information"
              + "|Thumbs\\.db|desktop\\.ini"
              + "|(LICEN[CS]E|COPYING|NOTICE|README|CHANGELOG|SHA256SUMS)(\\.(txt|md|html?|pdf))?",
          Pattern.CASE_INSENSITIVE);

  private final Path folder;
  private final int maxFiles;
  private int files;
  private final List<FoundImage> images = new ArrayList<>();
  private final List<LeftOut> leftOut = new ArrayList<>();
  private final Set<Path> visited = new HashSet<>();

  /** Links that are not followed yet, with their depth: files that are no links come first. */
  private final NavigableMap<Path, Integer> links = new TreeMap<>();

  private ImageFinder(Path folder, int maxFiles) {
    this.folder = folder;
    this.maxFiles = maxFiles;
  }

  /**
   * Finds the images below a folder.
   *
   * @param folder to search, at most 16 folders deep and one million files
   * @return the images, possibly none, and what was left out
   * @throws UserErrorException if there are more files
   * @throws IOException if the folder cannot be read
   */
  public static FoundImages find(Path folder) throws IOException {
    return find(folder, MAX_FILES);
  }

  static FoundImages find(Path folder, int maxFiles) throws IOException {
    return new ImageFinder(folder, maxFiles).search();
  }

  /**
   * Finds images that are given one by one or by folder.
   *
   * @param inputs files, whose content is not checked, and folders, which are searched as by {@link
   *     #find(Path)}
   * @param maxImages maximum number of images
   * @param option the command-line option that lists the inputs, for messages
   * @return the images and what was left out
   * @throws UserErrorException if an input does not exist, a folder contains no image, or there are
   *     too many images
   * @throws IOException if an input cannot be read
   */
  public static FoundImages find(List<Path> inputs, int maxImages, String option)
      throws IOException {
    String expected = "JPEG, PNG, TIFF or DICOM files with " + option;
    List<FoundImage> images = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Path input : inputs) {
      if (!Files.exists(input)) {
        throw UserErrorException.of(
            expected, "nothing at " + input, "Give existing files or folders.");
      }
      FoundImages found = Files.isDirectory(input) ? find(input) : single(input);
      if (found.images().isEmpty()) {
        throw UserErrorException.of(
            expected,
            "none in " + input,
            "Give the folder that contains the images."
                + found.summary().map(summary -> " " + summary).orElse(""));
      }
      found.images().forEach(image -> images.add(withUniqueName(image, names)));
      leftOut.addAll(found.leftOut());
    }
    if (images.size() > maxImages) {
      throw UserErrorException.of(
          "at most %d %s".formatted(maxImages, expected),
          "%d files".formatted(images.size()),
          "Give fewer files.");
    }
    return new FoundImages(images, leftOut);
  }

  private static FoundImages single(Path file) throws IOException {
    Optional<UndecodableName> undecodable = UndecodableName.of(file);
    if (undecodable.isPresent()) {
      UndecodableName name = undecodable.get();
      return new FoundImages(
          List.of(), List.of(new LeftOut(name.text(), Reason.UNREADABLE, name.problem())));
    }
    boolean isDicom =
        Files.isRegularFile(file) && Files.isReadable(file) && DicomMetadata.isDicom(file);
    return new FoundImages(List.of(new FoundImage(file, slashed(file), isDicom)), List.of());
  }

  /** Two folders may contain files of the same name. */
  private static FoundImage withUniqueName(FoundImage image, Set<String> taken) {
    String unique = image.name();
    for (int i = 2; !taken.add(unique); i++) {
      unique = "%s (%d)".formatted(image.name(), i);
    }
    return new FoundImage(image.path(), unique, image.isDicom());
  }

  private FoundImages search() throws IOException {
    walk(folder, folder.toRealPath(), 0);
    while (!links.isEmpty()) {
      Map.Entry<Path, Integer> link = links.pollFirstEntry();
      Path target;
      try {
        target = link.getKey().toRealPath();
      } catch (IOException e) {
        leaveOut(link.getKey(), Reason.UNREADABLE, describe(e));
        continue;
      }
      walk(link.getKey(), target, link.getValue());
    }
    images.sort(Comparator.comparing(FoundImage::path));
    leftOut.sort(Comparator.comparing(LeftOut::name));
    return new FoundImages(images, leftOut);
  }

  /**
   * Visits a file, or everything below a folder but links.
   *
   * @param start as reached from the folder that is searched
   * @param realStart the same without links
   * @param depth number of folders between them
   */
  private void walk(Path start, Path realStart, int depth) throws IOException {
    Files.walkFileTree(
        realStart,
        EnumSet.noneOf(FileVisitOption.class),
        FoundImages.MAX_DEPTH + 1 - depth,
        new SimpleFileVisitor<>() {

          private Path reached(Path real) {
            return start.resolve(realStart.relativize(real));
          }

          @Override
          public FileVisitResult preVisitDirectory(Path real, BasicFileAttributes attributes) {
            requireWithinLimit();
            return isNew(reached(real), real)
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path real, BasicFileAttributes attributes) {
            requireWithinLimit();
            Path path = reached(real);
            if (attributes.isSymbolicLink()
                && !isExpected(path)
                && undecodableName(path).isEmpty()) {
              links.put(path, depth + real.getNameCount() - realStart.getNameCount());
            } else if (isNew(path, real)) {
              if (attributes.isDirectory()) {
                leaveOut(path, Reason.TOO_DEEP, "");
              } else if (attributes.isRegularFile()) {
                addFile(path);
              } else {
                leaveOut(path, Reason.OTHER_FORMAT, ""); // a device or pipe, which is not opened
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path real, IOException failure)
              throws IOException {
            return skipUnreadable(reached(real), failure);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path real, @Nullable IOException failure)
              throws IOException {
            return failure == null
                ? FileVisitResult.CONTINUE
                : skipUnreadable(reached(real), failure);
          }
        });
  }

  private void requireWithinLimit() {
    if (++files > maxFiles) {
      throw UserErrorException.of(
          String.format(Locale.ROOT, "at most %,d files below a folder", maxFiles),
          "more in " + folder,
          "Give a folder that contains little but the images.");
    }
  }

  /** Whether a file or folder is to be visited; otherwise it is left out. */
  private boolean isNew(Path path, Path real) {
    if (isExpected(path)) {
      leaveOut(path, Reason.EXPECTED, "");
      return false;
    }
    Optional<UndecodableName> undecodable = undecodableName(path);
    if (undecodable.isPresent()) {
      leaveOut(path, Reason.UNREADABLE, undecodable.get().problem());
      return false;
    }
    if (!visited.add(real)) {
      leaveOut(path, Reason.ALREADY_FOUND, "");
      return false;
    }
    return true;
  }

  private boolean isExpected(Path path) {
    return !path.equals(folder) && EXPECTED_NAME.matcher(path.getFileName().toString()).matches();
  }

  private void addFile(Path file) {
    try {
      Optional<ImageFormat> format = formatOf(file);
      boolean isDicom = format.equals(Optional.of(ImageFormat.DICOM));
      DicomKind kind = isDicom ? DicomMetadata.kind(file) : DicomKind.NOT_DICOM;
      if (isDicom && kind != DicomKind.IMAGE) {
        leaveOut(file, Reason.DICOM_WITHOUT_PIXELS, kind.description());
      } else if (format.isPresent()
          || IMAGE_NAME.matcher(file.getFileName().toString()).matches()) {
        images.add(new FoundImage(file, name(file), isDicom));
      } else {
        leaveOut(file, Reason.OTHER_FORMAT, "");
      }
    } catch (IOException e) {
      leaveOut(file, Reason.UNREADABLE, describe(e));
    }
  }

  private static Optional<ImageFormat> formatOf(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(ImageFormat.of(in.readNBytes(FIRST_BYTES)));
    } catch (InvalidImageException e) {
      return Optional.empty();
    }
  }

  private FileVisitResult skipUnreadable(Path path, IOException failure) throws IOException {
    if (path.equals(folder)) {
      throw failure;
    }
    leaveOut(path, Reason.UNREADABLE, describe(failure));
    return FileVisitResult.CONTINUE;
  }

  private void leaveOut(Path path, Reason reason, String detail) {
    leftOut.add(new LeftOut(name(path), reason, detail));
  }

  /** The name of the folder that is searched does not matter. */
  private Optional<UndecodableName> undecodableName(Path path) {
    return path.equals(folder) ? Optional.empty() : UndecodableName.of(path);
  }

  private String name(Path path) {
    Path relative = folder.relativize(path);
    Optional<UndecodableName> undecodable = undecodableName(path);
    if (undecodable.isEmpty()) {
      return slashed(relative);
    }
    Path parent = relative.getParent();
    return (parent == null ? "" : slashed(parent) + "/") + undecodable.get().text();
  }

  private static String slashed(Path path) {
    return path.toString().replace('\\', '/');
  }

  private static String describe(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "no permission";
    }
    if (failure instanceof NoSuchFileException) {
      return "a link to nothing";
    }
    return failure instanceof FileSystemException detailed && detailed.getReason() != null
        ? detailed.getReason()
        : String.valueOf(failure.getMessage());
  }
}
