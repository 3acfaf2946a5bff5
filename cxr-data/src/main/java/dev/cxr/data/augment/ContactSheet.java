package dev.cxr.data.augment;

import dev.cxr.data.augment.TileGrid.Tile;
import dev.cxr.data.image.GrayImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Draws the effect of an augmentation on one image; the stored image comes first. */
public final class ContactSheet {

  private final GrayImage image;
  private final Augmentation augmentation;
  private final long seed;

  /**
   * Creates a sheet.
   *
   * @param image the image in input size
   * @param augmentation the augmentation to show
   * @param seed the random seed
   */
  public ContactSheet(GrayImage image, Augmentation augmentation, long seed) {
    this.image = image;
    this.augmentation = augmentation;
    this.seed = seed;
  }

  /**
   * Draws the image and random augmentations, each with its sampled values as caption.
   *
   * @param columns images in a row, at least 1
   * @param rows rows, at least 1
   * @return the sheet
   */
  public GrayImage renderRandom(int columns, int rows) {
    List<List<Tile>> sheet = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      List<Tile> tiles = new ArrayList<>();
      for (int column = 0; column < columns; column++) {
        int index = row * columns + column;
        tiles.add(index == 0 ? storedTile() : tile(augmentation, seed + index, activeKinds()));
      }
      sheet.add(tiles);
    }
    return TileGrid.render(sheet);
  }

  /** The maximum number of rows of {@link #renderEachKind}. */
  public static final int MAX_KINDS = AugmentationKind.values().length + 1;

  /**
   * Draws a row for each kind of the augmentation: the image, then this kind alone from its minimum
   * to its maximum.
   *
   * @param columns images in a row, at least 3
   * @return the sheet
   */
  public GrayImage renderEachKind(int columns) {
    long visibleSeed = seedWithFlipAndErase();
    List<List<Tile>> sheet = new ArrayList<>();
    for (AugmentationKind kind : activeKinds()) {
      Range range = augmentation.range(kind);
      List<Tile> tiles = new ArrayList<>(List.of(storedTile()));
      for (int step = 0; step < columns - 1; step++) {
        double value = range.from() + (range.to() - range.from()) * step / (columns - 2);
        Augmentation alone =
            Augmentation.builder().optEdge(augmentation.edge()).opt(kind, value, value).build();
        tiles.add(tile(alone, visibleSeed, List.of(kind)));
      }
      sheet.add(tiles);
    }
    if (augmentation.mirror()) {
      Augmentation mirror = Augmentation.builder().optMirror(true).build();
      sheet.add(List.of(storedTile(), tile(mirror, visibleSeed, List.of())));
    }
    return TileGrid.render(sheet);
  }

  /** The first seed, from ours on, that both flips and erases. */
  private long seedWithFlipAndErase() {
    Augmenter flipAndErase =
        new Augmenter(
            Augmentation.builder().optMirror(true).opt(AugmentationKind.ERASE, 0.1, 0.1).build());
    return LongStream.iterate(seed, next -> next + 1)
        .filter(
            next ->
                flipAndErase.sampleParams(next).mirrored()
                    && flipAndErase.sampleParams(next).erasedArea() > 0)
        .findFirst()
        .orElseThrow();
  }

  private List<AugmentationKind> activeKinds() {
    return Arrays.stream(AugmentationKind.values()).filter(augmentation::has).toList();
  }

  private Tile storedTile() {
    return new Tile(image, List.of("as stored"));
  }

  private Tile tile(Augmentation applied, long drawSeed, List<AugmentationKind> captioned) {
    Augmenter augmenter = new Augmenter(applied);
    float[] grays = augmenter.apply(image, drawSeed);
    byte[] pixels = new byte[grays.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.round(grays[i] * 255);
    }
    AugmentationParams params = augmenter.sampleParams(drawSeed);
    List<String> captions =
        Stream.concat(
                captioned.stream().map(kind -> kind.caption(params)),
                Stream.of(params.mirrored() ? "mirrored" : ""))
            .filter(word -> !word.isEmpty())
            .toList();
    return new Tile(new GrayImage(image.width(), image.height(), pixels), captions);
  }
}
