package dev.cxr.eval.prediction;

import dev.cxr.data.image.GrayImage;

/** A region of an image; everything else is set to middle gray. */
enum ImageRegion {
  /** The outermost 1/16 of each side. */
  BORDER {
    @Override
    boolean contains(double x, double y) {
      return Math.min(Math.min(x, 1 - x), Math.min(y, 1 - y)) < 1.0 / 16;
    }
  },
  /** All but a central ellipse of 0.8 times the width and height, where the lungs are. */
  SURROUNDINGS {
    @Override
    boolean contains(double x, double y) {
      return (x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5) >= 0.4 * 0.4;
    }
  };

  private static final byte GRAY = (byte) 128;

  /** Whether the region contains a point; coordinates run from 0 to 1. */
  abstract boolean contains(double x, double y);

  GrayImage maskOutside(GrayImage image) {
    byte[] pixels = image.pixels().clone();
    int width = image.width();
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < width; x++) {
        if (!contains((x + 0.5) / width, (y + 0.5) / image.height())) {
          pixels[y * width + x] = GRAY;
        }
      }
    }
    return new GrayImage(width, image.height(), pixels);
  }
}
