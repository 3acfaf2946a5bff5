package dev.cxr.data.catalogue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A collection of X-rays, each with its finding, patient group and split.
 *
 * @param name what the collection is, for reports: {@code synthetic} or the folder's name
 * @param synthetic whether the pictures are drawn: results then say nothing about medicine
 * @param splitRule how validation was chosen, in words
 * @param patients how it tells whose picture one is
 * @param xrays in a fixed order: by split, then id
 * @param notices what a reader should know of how the collection was read, as sentences
 */
public record Catalogue(
    String name,
    boolean synthetic,
    String splitRule,
    PatientSource patients,
    List<Xray> xrays,
    List<String> notices) {

  /** The word that names the built-in sample where a folder could stand. */
  public static final String SYNTHETIC = "synthetic";

  /** Keeps what it was given as it is. */
  public Catalogue {
    xrays = List.copyOf(xrays);
    notices = List.copyOf(notices);
  }

  /**
   * Opens a collection.
   *
   * @param data {@value #SYNTHETIC}, or a folder {@code train|val|test / NORMAL|PNEUMONIA}
   * @param rule which patient groups of the training folder validate
   * @throws dev.cxr.data.shell.Refusal if there is no such collection at {@code data}
   * @throws IOException if a folder cannot be listed
   */
  public static Catalogue open(String data, ValidationRule rule) throws IOException {
    return data.equals(SYNTHETIC)
        ? SyntheticSample.catalogue(rule)
        : FolderCatalogue.read(Path.of(data), rule);
  }

  /** The X-rays of one split, in order. */
  public List<Xray> in(Split split) {
    return xrays.stream().filter(x -> x.split() == split).toList();
  }

  /** Those X-rays only that are in {@code kept}, with further notices. */
  public Catalogue keeping(List<Xray> kept, List<String> more) {
    return new Catalogue(
        name,
        synthetic,
        splitRule,
        patients,
        kept,
        Stream.concat(notices.stream(), more.stream()).toList());
  }
}
