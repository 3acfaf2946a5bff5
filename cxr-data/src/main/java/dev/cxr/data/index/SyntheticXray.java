package dev.cxr.data.index;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import java.util.SplittableRandom;

/**
 * Generates chest-like images, so that everything can be tried without data of patients.
 *
 * <p>An image is a sum of attenuations (soft tissue, bones, heart) minus the air of the lungs; a
 * finding replaces part of that air. A model has to look into the lungs to distinguish findings:
 * exposure is normalised, so that mean and standard deviation of the image are uninformative.
 *
 * <p>Uses only sums, products, square roots and {@link StrictMath}, which give the same bytes on
 * every JDK.
 *
 * <p>Body coordinates: {@code u} from -1 to 1 left to right as seen, so that the patient's left
 * lung has {@code u > 0}; {@code v} from -1 to 1 top to bottom; {@code p} is the distance from the
 * midline.
 */
final class SyntheticXray {
  /** Smaller images are rendered at this size and then resized, to keep fine details. */
  private static final int FINE_SIDE = 112;

  private static final double HILUM = 0.17;
  private static final double AIR = 0.46;

  private SyntheticXray() {}

  /**
   * Renders a radiograph.
   *
   * @param finding that it shows; {@link Finding#PNEUMONIA} is either kind, by {@code imageSeed}
   * @param patientSeed determines the anatomy: size, tilt, shape of lungs, heart and ribs
   * @param imageSeed determines position, exposure, noise and the extent of the finding
   * @param side rows and columns, at least 16
   * @return {@code side x side} pixels
   */
  static GrayImage render(Finding finding, long patientSeed, long imageSeed, int side) {
    int factor = Math.max(1, (FINE_SIDE + side - 1) / side);
    var anatomy = Anatomy.of(new SplittableRandom(patientSeed));
    var random = new SplittableRandom(imageSeed);
    var view = View.of(random);
    var opacity = opacity(finding, anatomy, random);
    double[] attenuation = view.project(anatomy, opacity, side * factor);
    var fine = new GrayImage(side * factor, side * factor, view.expose(attenuation));
    return Resampler.resize(fine, side, side);
  }

  private static Opacity opacity(Finding finding, Anatomy anatomy, SplittableRandom random) {
    boolean bacterial = random.nextDouble() < 0.5;
    if (!finding.isPneumonia()) {
      return (left, p, v, r) -> 0;
    }
    return finding.equals(Finding.BACTERIAL_PNEUMONIA)
            || (bacterial && finding.equals(Finding.PNEUMONIA))
        ? Consolidation.of(anatomy, random)
        : Interstitium.of(random);
  }

  /** What replaces the air of a lung. */
  private interface Opacity {
    /**
     * How much of the air at a place is replaced, 0 to 1.
     *
     * @param r distance from the hilum of that lung
     */
    double at(boolean left, double p, double v, double r);
  }

  /** Bacterial: one dense, soft-edged area of one lung, at times cut straight by a fissure. */
  private record Consolidation(
      boolean left,
      double p,
      double v,
      double width,
      double height,
      double density,
      double fissure,
      int texture)
      implements Opacity {

    static Consolidation of(Anatomy anatomy, SplittableRandom random) {
      boolean left = random.nextDouble() < 0.45;
      double apex = anatomy.apex();
      double v = apex + (anatomy.base() - apex) * between(random, 0.25, 0.88);
      // Behind the heart nothing would be seen of it.
      double p = between(random, left && v > 0 ? 0.42 : 0.3, 0.54);
      return new Consolidation(
          left,
          p,
          v,
          between(random, 0.24, 0.4),
          between(random, 0.24, 0.4),
          between(random, 0.7, 1),
          random.nextDouble() < 0.4 ? between(random, -0.05, 0.1) : 1,
          random.nextInt());
    }

    @Override
    public double at(boolean left, double p, double v, double r) {
      double dp = (p - this.p) / width;
      double dv = (v - this.v) / height;
      double distance = dp * dp + dv * dv;
      if (left != this.left || distance > 2) {
        return 0;
      }
      double ragged = noise(texture, p * 9, v * 9) - 0.5;
      double edge = rise(0.9 * (1 - distance + 0.9 * ragged));
      double below = rise(33 * (fissure - (v - this.v) + 0.12 * (p - this.p)));
      double airways = 0.8 + 0.3 * noise(texture + 1, p * 22, v * 22);
      return Math.min(1, density * edge * below * airways);
    }
  }

  /** Viral: a net of fine streaks through both lungs, denser around the hila, with some haze. */
  private record Interstitium(double strength, double haze, double reach, double mesh, int texture)
      implements Opacity {

    static Interstitium of(SplittableRandom random) {
      return new Interstitium(
          between(random, 0.6, 1),
          between(random, 0.25, 0.5),
          between(random, 0.7, 1.1),
          between(random, 12, 19),
          random.nextInt());
    }

    @Override
    public double at(boolean left, double p, double v, double r) {
      int seed = left ? texture : texture + 1;
      double fineMesh = 1.8 * mesh;
      double near = Math.max(0.3, 1 - r / (2 * reach));
      double patch = noise(seed + 4, p * 4.5, v * 4.5);
      double warp = 0.6 * patch;
      double coarse =
          ridge(noise(seed, (p + 0.6 * v) * mesh + 2 * warp, (v - 0.5 * p) * mesh - warp));
      double fine =
          ridge(noise(seed + 2, (p - 0.4 * v + 0.1 * warp) * fineMesh, (v + 0.5 * p) * fineMesh));
      return Math.min(
          1, near * (0.4 + 1.2 * patch) * (haze + strength * (0.55 * coarse + 0.35 * fine)));
    }

    /** A line where the noise crosses its middle. */
    private static double ridge(double noise) {
      double line = Math.max(0, 1 - 5 * Math.abs(noise - 0.5));
      return line * line;
    }
  }

  /**
   * A patient's chest.
   *
   * @param body half width of the trunk
   * @param tilt lean to the side, {@code u} per {@code v}
   * @param lung lateral edge of the lungs
   * @param apex top of the lungs
   * @param base top of the right diaphragm; the left stands {@code leftDrop} lower
   * @param mediastinum half width of what lies between the lungs
   * @param heartWidth half width of the heart
   * @param heartHeight half height of the heart
   * @param ribSpacing distance between ribs
   * @param ribPhase height of the first
   * @param ribSlope how far a rib descends on its way to the side
   * @param bone density of the bones
   * @param fat density of the soft tissue
   * @param vessels strength of the vessels in the lungs
   * @param bubble gas in the stomach
   * @param texture seed of what is irregular
   */
  private record Anatomy(
      double body,
      double tilt,
      double lung,
      double apex,
      double base,
      double leftDrop,
      double mediastinum,
      double heartWidth,
      double heartHeight,
      double ribSpacing,
      double ribPhase,
      double ribSlope,
      double bone,
      double fat,
      double vessels,
      double bubble,
      int texture) {

    static Anatomy of(SplittableRandom random) {
      return new Anatomy(
          between(random, 0.8, 0.96),
          between(random, -0.05, 0.05),
          between(random, 0.6, 0.73),
          between(random, -0.84, -0.7),
          between(random, 0.36, 0.58),
          between(random, 0.01, 0.07),
          between(random, 0.12, 0.18),
          between(random, 0.3, 0.42),
          between(random, 0.42, 0.54),
          between(random, 0.155, 0.2),
          between(random, 0, 0.2),
          between(random, 0.2, 0.34),
          between(random, 0.07, 0.13),
          between(random, 0.44, 0.56),
          between(random, 0.1, 0.26),
          Math.max(0, between(random, -0.15, 0.2)),
          random.nextInt());
    }

    double attenuation(double u, double v, Opacity opacity) {
      u -= tilt * v;
      double p = Math.abs(u);
      boolean left = u > 0;

      double shoulder = rise(2 * (-0.5 - v));
      double neck = rise(3.3 * (-0.84 - v));
      double edge = body + 0.5 * shoulder - 1.05 * neck;
      double inside = rise(14 * (edge - p));
      if (inside == 0) {
        return 0;
      }
      double depth = Math.sqrt(Math.max(0, 1 - (p / edge) * (p / edge)));
      double sum = fat * (0.62 + 0.38 * depth);

      double drop = left ? leftDrop : 0;
      double across = (p - 0.3) / lung;
      double dome = base + drop + 0.42 * across * across;
      double belly = v - dome;
      if (belly > 0) {
        sum += 0.1 * rise(4 * belly - 0.5) - stomach(u, belly);
      }
      sum += spine(p, v) + 0.1 * bump(3.3 * p);

      double heart = heart(u, v);
      sum += 0.06 * heart;

      double lungs = lungs(left, p, v, dome);
      if (lungs > 0) {
        double dp = p - HILUM;
        double dv = v - hilumHeight();
        double r = Math.sqrt(dp * dp + dv * dv);
        double mottle = noise(texture, u * 4.5, v * 4.5);
        double normal = Math.min(1, 0.14 * mottle + vessels(left, dp, dv, r, mottle));
        double filled = 1 - (1 - normal) * (1 - opacity.at(left, p, v, r));
        double air = lungs * (1 - 0.88 * heart) * (0.75 + 0.25 * depth);
        sum -= AIR * air * (1 - filled);
      }
      return inside * (sum + bone * (collarbone(p, v) + ribs(p, v)));
    }

    private double hilumHeight() {
      return 0.45 * apex + 0.55 * base - 0.12;
    }

    private double lungs(boolean left, double p, double v, double dome) {
      if (p > lung + 0.03 || v < apex - 0.04 || v > dome + 0.02) {
        return 0;
      }
      double high = Math.max(0, Math.min(1, (base - v) / (base - apex)));
      double lateral = lung * (1 - 0.5 * high * high * high);
      double bulge = bump(5 * (v - hilumHeight()));
      double knob = left ? 0.05 * bump(8 * (v - hilumHeight() + 0.28)) : 0;
      double medial = mediastinum * (1 - 0.35 * high) + 0.06 * bulge + knob;
      double top = apex + 1.1 * (p - 0.28) * (p - 0.28);
      return rise(20 * (lateral - p))
          * rise(17 * (p - medial))
          * rise(29 * (dome - v))
          * rise(14 * (v - top));
    }

    /** Vessels fan out from the hilum, and thin out on the way. */
    private double vessels(boolean left, double dp, double dv, double r, double bend) {
      double reach = bump(1.2 * r);
      if (reach == 0) {
        return 0;
      }
      double direction = dv / (Math.abs(dp) + Math.abs(dv) + 0.03) + 0.5 * bend;
      double n = noise(texture + (left ? 2 : 3), (direction + (dp < 0 ? 4 : 0)) * 6, r * 4);
      double branch = 1 - 5 * Math.abs(n - 0.5);
      return vessels * (bump(4.2 * r) + (branch > 0 ? 1.3 * branch * reach : 0));
    }

    /** An egg that leans to the patient's left. */
    private double heart(double u, double v) {
      double du = (u - 0.36 * heartWidth) / heartWidth;
      double dv = (v - (base + 0.1 - 0.8 * heartHeight)) / heartHeight;
      double lean = du * (1.22 - 0.3 * dv) - 0.3 * dv;
      return rise(3.3 * (1 - lean * lean - dv * dv));
    }

    /** A bubble of gas under the left diaphragm. */
    private double stomach(double u, double belly) {
      if (bubble == 0 || belly > 0.3) {
        return 0;
      }
      double du = 4.5 * (u - 0.36);
      double dv = 10 * (belly - 0.12);
      return bubble * rise(2 * (1 - du * du - dv * dv));
    }

    private double spine(double p, double v) {
      double column = bump(7 * p);
      return column == 0 ? 0 : column * bone * (0.9 + 0.7 * noise(texture + 1, 0.5, v * 15));
    }

    private double collarbone(double p, double v) {
      if (Math.abs(v - apex - 0.1) > 0.3) {
        return 0;
      }
      double off = v - (apex + 0.14 - 0.2 * (p - 0.1) + 0.1 * bump(4 * (p - 0.35)));
      return 1.3 * bump(18 * off) * rise(12 * (p - 0.1)) * rise(5 * (0.75 - p));
    }

    /** Ribs descend on their way to the side behind, and to the middle in front. */
    private double ribs(double p, double v) {
      double x = p / lung;
      if (x < 0.02 || x > 1.12 || v < apex - 0.03 || v > base + 0.5) {
        return 0;
      }
      double cage = rise(8 * (1.06 - x)) * rise(10 * (v - apex - 0.02));
      double fade = rise(2.5 * (base + 0.3 - v));
      double behind = v - ribPhase + 0.05 * x - ribSlope * x * x * x;
      double front = v - ribPhase - 0.09 - 0.75 * ribSlope * (1.1 - x);
      return fade
          * cage
          * (rise(5 * (x - 0.12)) * rib(behind / ribSpacing, 0.5)
              + 0.55 * rise(2.9 * (x - 0.5)) * rib(front / ribSpacing, 0.62));
    }

    /** A band in each unit of {@code phase}, with brighter rims. */
    private static double rib(double phase, double breadth) {
      double off = 2 * Math.abs(phase - Math.floor(phase) - 0.5) / breadth;
      return rise(3.3 * (1 - off)) * (0.6 + 0.5 * off * off);
    }
  }

  /**
   * How an image was taken.
   *
   * @param right move of the chest to the right
   * @param down move of the chest downwards
   * @param turn rotation, small enough to stand for its own sine
   * @param zoom size of the chest
   * @param mean average gray, 0 to 1
   * @param spread standard deviation of the grays
   * @param curve bend of the film's curve
   * @param grain standard deviation of the noise
   * @param noise seed of the noise
   */
  private record View(
      double right,
      double down,
      double turn,
      double zoom,
      double mean,
      double spread,
      double curve,
      double grain,
      long noise) {

    static View of(SplittableRandom random) {
      return new View(
          between(random, -0.08, 0.08),
          between(random, -0.1, 0.06),
          between(random, -0.06, 0.06),
          between(random, 0.93, 1.1),
          between(random, 0.4, 0.56),
          between(random, 0.16, 0.23),
          between(random, -0.3, 0.5),
          between(random, 0.008, 0.03),
          random.nextLong());
    }

    double[] project(Anatomy anatomy, Opacity opacity, int side) {
      var attenuation = new double[side * side];
      double pixel = 2.0 / side;
      for (int y = 0; y < side; y++) {
        double down = ((y + 0.5) * pixel - 1 - this.down) / zoom;
        for (int x = 0; x < side; x++) {
          double right = ((x + 0.5) * pixel - 1 - this.right) / zoom;
          double u = right + turn * down;
          double v = down - turn * right;
          double a = anatomy.attenuation(u, v, opacity);
          attenuation[y * side + x] = a + curve * a * (1 - a);
        }
      }
      return attenuation;
    }

    /** Like automatic exposure: to the chosen mean and spread, whatever was in the way. */
    byte[] expose(double[] attenuation) {
      double sum = 0;
      double squares = 0;
      for (double a : attenuation) {
        sum += a;
        squares += a * a;
      }
      double average = sum / attenuation.length;
      double deviation = Math.sqrt(squares / attenuation.length - average * average);
      double gain = spread / deviation;
      var random = new SplittableRandom(noise);
      var pixels = new byte[attenuation.length];
      for (int i = 0; i < pixels.length; i++) {
        double gray = mean + gain * (attenuation[i] - average) + grain * normal(random);
        pixels[i] = (byte) Math.max(0, Math.min(255, (int) (gray * 255 + 0.5)));
      }
      return pixels;
    }

    /** The sum of eight uniform bytes, scaled: close enough to normal for grain. */
    private static double normal(SplittableRandom random) {
      long bits = random.nextLong();
      long pairs = (bits & 0x00FF00FF00FF00FFL) + ((bits >>> 8) & 0x00FF00FF00FF00FFL);
      long sum = (pairs * 0x0001000100010001L) >>> 48;
      return (sum - 1020) / 209.0;
    }
  }

  private static double between(SplittableRandom random, double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /** 0 below -1/2, 1 above 1/2, smooth between. */
  private static double rise(double x) {
    if (x <= -0.5) {
      return 0;
    }
    if (x >= 0.5) {
      return 1;
    }
    double t = x + 0.5;
    return t * t * (3 - 2 * t);
  }

  /** 1 at 0, 0 from ±1 on, smooth between. */
  private static double bump(double x) {
    double t = 1 - x * x;
    return t > 0 ? t * t : 0;
  }

  /** Value noise in 0..1 on the unit lattice, interpolated smoothly. */
  private static double noise(int seed, double x, double y) {
    int x0 = (int) Math.floor(x);
    int y0 = (int) Math.floor(y);
    double tx = x - x0;
    double ty = y - y0;
    tx = tx * tx * (3 - 2 * tx);
    ty = ty * ty * (3 - 2 * ty);
    double a = lattice(seed, x0, y0);
    double b = lattice(seed, x0 + 1, y0);
    double c = lattice(seed, x0, y0 + 1);
    double d = lattice(seed, x0 + 1, y0 + 1);
    double above = a + (b - a) * tx;
    double below = c + (d - c) * tx;
    return above + (below - above) * ty;
  }

  private static double lattice(int seed, int x, int y) {
    int h = seed * 0x27D4EB2F + x * 0x9E3779B1 + y * 0x85EBCA77;
    h = (h ^ (h >>> 15)) * 0x2C1B3C6D;
    h = (h ^ (h >>> 12)) * 0x297A2D39;
    return ((h ^ (h >>> 15)) >>> 8) * 0x1p-24;
  }
}
