package dev.cxr.data.image;

import java.util.List;

/**
 * A decoded image, and what in its file breaks the standard but could be read.
 *
 * @param image the image
 * @param notes fixed sentences, one for each kind, without any value of the file
 * @since 0.3
 */
public record DecodedImage(GrayImage image, List<String> notes) {

  /**
   * Copies the notes.
   *
   * @param image as for the record
   * @param notes as for the record
   */
  public DecodedImage {
    notes = List.copyOf(notes);
  }
}
