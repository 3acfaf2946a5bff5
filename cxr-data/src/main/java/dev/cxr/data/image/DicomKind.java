package dev.cxr.data.image;

import java.util.Arrays;

/**
 * What a file contains, according to its DICOM header. {@link DicomMetadata#kind} determines it.
 *
 * @since 0.3
 */
public enum DicomKind {
  /** Not a DICOM file. */
  NOT_DICOM("not a DICOM file", ""),

  /**
   * A DICOM image, or a DICOM file that is damaged or that no other kind describes. {@link
   * ImageDecoder} decodes it or says what is wrong with it.
   */
  IMAGE("a DICOM image", ""),

  /** The index of a folder or medium: its SOP class is Media Storage Directory. */
  DIRECTORY("a DICOMDIR", "1.2.840.10008.1.3.10"),

  /** How to show an image that is in another file. */
  PRESENTATION_STATE("a DICOM presentation state", "1.2.840.10008.5.1.4.1.1.11."),

  /** A report or a selection of key objects. */
  STRUCTURED_REPORT("a DICOM structured report", "1.2.840.10008.5.1.4.1.1.88."),

  /** A PDF, CDA or 3D model in a DICOM file. */
  ENCAPSULATED_DOCUMENT("an encapsulated document", "1.2.840.10008.5.1.4.1.1.104."),

  /** An electrocardiogram or other waveform. */
  WAVEFORM("a DICOM waveform", "1.2.840.10008.5.1.4.1.1.9."),

  /** Any other DICOM object without pixels. */
  NO_PIXELS("a DICOM object without pixels", "");

  private final String description;
  private final String sopClass;

  /**
   * Creates a kind.
   *
   * @param sopClass a UID, the first part of the UIDs of a group, which ends with a dot, or none
   */
  DicomKind(String description, String sopClass) {
    this.description = description;
    this.sopClass = sopClass;
  }

  /** The kind without pixels that the SOP class belongs to, {@link #NO_PIXELS} if no other. */
  static DicomKind ofSopClass(DicomHeader header) {
    String own = header.text(DicomTag.SOP_CLASS);
    String uid = own.isEmpty() ? header.text(DicomTag.MEDIA_STORAGE_SOP_CLASS) : own;
    return Arrays.stream(values()).filter(kind -> kind.matches(uid)).findFirst().orElse(NO_PIXELS);
  }

  private boolean matches(String uid) {
    return sopClass.endsWith(".")
        ? uid.startsWith(sopClass)
        : !uid.isEmpty() && uid.equals(sopClass);
  }

  /** {@return a noun phrase for messages, such as "a DICOM presentation state"} */
  public String description() {
    return description;
  }
}
