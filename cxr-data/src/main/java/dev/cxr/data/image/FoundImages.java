package dev.cxr.data.image;

import dev.cxr.common.cli.FirstFew;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What {@link ImageFinder} found: each file and folder is an image, was searched, or is left out.
 *
 * @param images in the order of the folders that were given, then sorted by path
 * @param leftOut everything else, sorted likewise; the contents of a folder that is left out are
 *     not listed
 */
public record FoundImages(List<FoundImage> images, List<LeftOut> leftOut) {

  /** Folders below this many others are not searched. */
  static final int MAX_DEPTH = 16;

  /** Why a file or folder is left out. */
  public enum Reason {
    /** A file whose content is neither JPEG, PNG, TIFF nor DICOM. */
    OTHER_FORMAT,
    /** A DICOM file without an image, such as a DICOMDIR or a report. */
    DICOM_WITHOUT_PIXELS,
    /** What lies beside images everywhere: hidden files, Thumbs.db, README and the like. */
    EXPECTED,
    /** A link to an image or folder that is already found. */
    ALREADY_FOUND,
    /** A file or folder without permission, or a link to nothing. */
    UNREADABLE,
    /** A folder below too many others. */
    TOO_DEEP
  }

  /**
   * A file or folder that is left out.
   *
   * @param name as {@link FoundImage#name()}
   * @param reason why
   * @param detail of a DICOM file without pixels what it is, of an unreadable file what is wrong;
   *     empty otherwise
   */
  public record LeftOut(String name, Reason reason, String detail) {

    /** {@return the reason as a noun phrase, such as "a DICOMDIR"} */
    public String describe() {
      return switch (reason) {
        case OTHER_FORMAT -> "no JPEG, PNG, TIFF or DICOM";
        case DICOM_WITHOUT_PIXELS -> detail;
        case EXPECTED -> "a hidden or system file";
        case ALREADY_FOUND -> "a link to what is already found";
        case UNREADABLE -> "unreadable: " + detail;
        case TOO_DEEP -> "a folder below too many others";
      };
    }
  }

  /**
   * Copies the lists.
   *
   * @param images in the order of the folders that were given, then sorted by path
   * @param leftOut everything else
   */
  public FoundImages {
    images = List.copyOf(images);
    leftOut = List.copyOf(leftOut);
  }

  /** {@return one line for each file and folder that cannot be read, with what is wrong} */
  public List<String> unreadable() {
    return leftOut.stream()
        .filter(entry -> entry.reason() == Reason.UNREADABLE)
        .map(FoundImages::describe)
        .toList();
  }

  /**
   * Summarises what was left out, by reason.
   *
   * @return one line such as "Left out: 1 DICOM object without pixels (DICOMDIR)."; empty if
   *     nothing was left out but what is {@linkplain Reason#EXPECTED expected}
   */
  public Optional<String> summary() {
    Map<Reason, List<LeftOut>> byReason =
        leftOut.stream()
            .filter(entry -> entry.reason() != Reason.EXPECTED)
            .collect(
                Collectors.groupingBy(
                    LeftOut::reason, () -> new EnumMap<>(Reason.class), Collectors.toList()));
    return byReason.isEmpty()
        ? Optional.empty()
        : Optional.of(
            byReason.entrySet().stream()
                .map(group -> describe(group.getKey(), group.getValue()))
                .collect(Collectors.joining(", ", "Left out: ", ".")));
  }

  private static String describe(Reason reason, List<LeftOut> entries) {
    boolean one = entries.size() == 1;
    String what =
        switch (reason) {
          case OTHER_FORMAT ->
              (one ? "file that is" : "files that are") + " no JPEG, PNG, TIFF or DICOM";
          case DICOM_WITHOUT_PIXELS -> "DICOM %s without pixels".formatted(one ? "file" : "files");
          case EXPECTED -> one ? "hidden or system file" : "hidden or system files";
          case ALREADY_FOUND -> (one ? "link" : "links") + " to what is already found";
          case UNREADABLE -> one ? "unreadable entry" : "unreadable entries";
          case TOO_DEEP ->
              "%s deeper than %d folders".formatted(one ? "folder" : "folders", MAX_DEPTH);
        };
    Function<LeftOut, String> shown =
        switch (reason) {
          case DICOM_WITHOUT_PIXELS -> LeftOut::detail;
          case UNREADABLE -> FoundImages::describe;
          case OTHER_FORMAT, EXPECTED, ALREADY_FOUND, TOO_DEEP -> LeftOut::name;
        };
    return "%d %s (%s)"
        .formatted(
            entries.size(), what, FirstFew.of(entries.stream().map(shown).distinct().toList()));
  }

  private static String describe(LeftOut unreadable) {
    return unreadable.name() + ": " + unreadable.detail();
  }
}
