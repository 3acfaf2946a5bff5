package dev.cxr.data.image;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The DICOM attributes that are read (PS3.6). */
enum DicomTag {
  MEDIA_STORAGE_SOP_CLASS(0x0002_0002, "Media Storage SOP Class UID"),
  TRANSFER_SYNTAX(0x0002_0010, "Transfer Syntax UID"),
  SOP_CLASS(0x0008_0016, "SOP Class UID"),
  MODALITY(0x0008_0060, "Modality"),
  PATIENT_ID(0x0010_0020, "Patient ID"),
  IMAGER_PIXEL_SPACING(0x0018_1164, "Imager Pixel Spacing"),
  SCANNED_PIXEL_SPACING(0x0018_2010, "Nominal Scanned Pixel Spacing"),
  SAMPLES_PER_PIXEL(0x0028_0002, "Samples per Pixel"),
  PHOTOMETRIC_INTERPRETATION(0x0028_0004, "Photometric Interpretation"),
  PLANAR_CONFIGURATION(0x0028_0006, "Planar Configuration"),
  NUMBER_OF_FRAMES(0x0028_0008, "Number of Frames"),
  ROWS(0x0028_0010, "Rows"),
  COLUMNS(0x0028_0011, "Columns"),
  PIXEL_SPACING(0x0028_0030, "Pixel Spacing"),
  PIXEL_ASPECT_RATIO(0x0028_0034, "Pixel Aspect Ratio"),
  BITS_ALLOCATED(0x0028_0100, "Bits Allocated"),
  BITS_STORED(0x0028_0101, "Bits Stored"),
  HIGH_BIT(0x0028_0102, "High Bit"),
  PIXEL_REPRESENTATION(0x0028_0103, "Pixel Representation"),
  PIXEL_PADDING_VALUE(0x0028_0120, "Pixel Padding Value"),
  PIXEL_PADDING_RANGE_LIMIT(0x0028_0121, "Pixel Padding Range Limit"),
  WINDOW_CENTER(0x0028_1050, "Window Center"),
  WINDOW_WIDTH(0x0028_1051, "Window Width"),
  RESCALE_INTERCEPT(0x0028_1052, "Rescale Intercept"),
  RESCALE_SLOPE(0x0028_1053, "Rescale Slope"),
  VOI_LUT_FUNCTION(0x0028_1056, "VOI LUT Function"),
  RED_PALETTE_DESCRIPTOR(0x0028_1101, "Red Palette Color Lookup Table Descriptor"),
  GREEN_PALETTE_DESCRIPTOR(0x0028_1102, "Green Palette Color Lookup Table Descriptor"),
  BLUE_PALETTE_DESCRIPTOR(0x0028_1103, "Blue Palette Color Lookup Table Descriptor"),
  RED_PALETTE(0x0028_1201, "Red Palette Color Lookup Table Data"),
  GREEN_PALETTE(0x0028_1202, "Green Palette Color Lookup Table Data"),
  BLUE_PALETTE(0x0028_1203, "Blue Palette Color Lookup Table Data"),
  MODALITY_LUT(0x0028_3000, "Modality LUT Sequence"),
  LUT_DESCRIPTOR(0x0028_3002, "LUT Descriptor"),
  LUT_DATA(0x0028_3006, "LUT Data"),
  VOI_LUT(0x0028_3010, "VOI LUT Sequence"),
  FLOAT_PIXEL_DATA(0x7FE0_0008, "Float Pixel Data"),
  DOUBLE_PIXEL_DATA(0x7FE0_0009, "Double Float Pixel Data"),
  PIXEL_DATA(0x7FE0_0010, "Pixel Data");

  private static final Map<Integer, DicomTag> BY_CODE = new HashMap<>();

  static {
    for (DicomTag tag : values()) {
      BY_CODE.put(tag.code, tag);
    }
  }

  private final int code;
  private final String displayName;

  DicomTag(int code, String title) {
    this.code = code;
    this.displayName = title;
  }

  static Optional<DicomTag> of(int code) {
    return Optional.ofNullable(BY_CODE.get(code));
  }

  /** Group and element, for messages. */
  static String text(int code) {
    return "(%04X,%04X)".formatted(code >>> 16, code & 0xFFFF);
  }

  /** Name and number. */
  @Override
  public String toString() {
    return displayName + " " + text(code);
  }
}
