package dev.cxr.data.image;

/** The TIFF tags that are read (TIFF 6.0). */
enum TiffTag {
  IMAGE_WIDTH(256, "ImageWidth"),
  IMAGE_LENGTH(257, "ImageLength"),
  BITS_PER_SAMPLE(258, "BitsPerSample"),
  COMPRESSION(259, "Compression"),
  INTERPRETATION(262, "PhotometricInterpretation"),
  FILL_ORDER(266, "FillOrder"),
  STRIP_OFFSETS(273, "StripOffsets"),
  SAMPLES_PER_PIXEL(277, "SamplesPerPixel"),
  ROWS_PER_STRIP(278, "RowsPerStrip"),
  STRIP_BYTE_COUNTS(279, "StripByteCounts"),
  PLANAR_CONFIGURATION(284, "PlanarConfiguration"),
  PREDICTOR(317, "Predictor"),
  COLOR_MAP(320, "ColorMap"),
  TILE_WIDTH(322, "TileWidth"),
  TILE_LENGTH(323, "TileLength"),
  TILE_OFFSETS(324, "TileOffsets"),
  TILE_BYTE_COUNTS(325, "TileByteCounts"),
  EXTRA_SAMPLES(338, "ExtraSamples"),
  SAMPLE_FORMAT(339, "SampleFormat"),
  ICC_PROFILE(34_675, "ICC profile");

  private final int code;
  private final String displayName;

  TiffTag(int code, String title) {
    this.code = code;
    this.displayName = title;
  }

  int code() {
    return code;
  }

  /** As the specification writes it. */
  @Override
  public String toString() {
    return displayName;
  }
}
