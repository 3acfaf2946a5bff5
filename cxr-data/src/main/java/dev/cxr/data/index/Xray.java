package dev.cxr.data.index;

/**
 * One radiograph of a collection.
 *
 * @param id its name within the collection, such as {@code train/NORMAL/IM-0115-0001.jpeg}
 * @param source where its pixels come from
 * @param finding what it shows
 * @param patient the patient group; images of one group never stand in both training and
 *     validation. Collections may number their test patients anew
 * @param split what it is used for
 */
public record Xray(String id, ImageSource source, Finding finding, String patient, Split split) {

  Xray withPatient(String otherPatient) {
    return new Xray(id, source, finding, otherPatient, split);
  }

  Xray withSplit(Split other) {
    return new Xray(id, source, finding, patient, other);
  }
}
