package dev.cxr.data.image;

/** What is read although it breaks the standard: sentences without any value of a header. */
final class DicomNotes {

  static final String NO_META =
      "The DICOM file has no file meta information; its encoding was determined from its first"
          + " bytes.";
  static final String OTHER_ENCODING =
      "The DICOM data set is not encoded as its transfer syntax says; it was read as it is"
          + " encoded.";
  static final String UNKNOWN_VR =
      "A DICOM attribute has an unknown value representation; its length was guessed.";
  static final String DECIMAL_COMMA = "A DICOM number has a decimal comma.";
  static final String INVALID_WINDOW = "The DICOM window has no width and was ignored.";
  static final String UNKNOWN_VOI_FUNCTION =
      "The VOI LUT Function is unknown; the window was applied as LINEAR.";
  static final String FRAMES = "The DICOM file has several frames; the first was used.";

  private DicomNotes() {}
}
