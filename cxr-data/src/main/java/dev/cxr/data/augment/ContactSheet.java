package dev.cxr.data.augment;

import dev.cxr.data.augment.TileGrid.Tile;
import dev.cxr.data.image.GrayImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Shows what an augmentation does to one picture, which stands first as it is. */
public final class ContactSheet {

  private final GrayImage picture;
  private final Augmentation augmentation;
  private final long seed;

  /**
   * A sheet.
   *
   * @param picture as a network would get it
   * @param augmentation what to show
   * @param seed fixes what is drawn
   */
  public ContactSheet(GrayImage picture, Augmentation augmentation, long seed) {
    this.picture = picture;
    this.augmentation = augmentation;
    this.seed = seed;
  }

  /**
   * The picture, then one draw after another, with what was drawn underneath.
   *
   * @param columns pictures side by side, at least 1
   * @param rows of them, at least 1
   */
  public GrayImage ofDraws(int columns, int rows) {
    List<List<Tile>> sheet = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      List<Tile> tiles = new ArrayList<>();
      for (int column = 0; column < columns; column++) {
        int drawn = row * columns + column;
        tiles.add(drawn == 0 ? stored() : tile(augmentation, seed + drawn, varied()));
      }
      sheet.add(tiles);
    }
    return TileGrid.of(sheet);
  }

  /** The rows that {@link #ofEach} makes at most. */
  public static final int MOST_KINDS = Amount.ALL.size() + 1;

  /**
   * A row for each kind that the augmentation has: the picture, then that kind alone, from its
   * least to its most.
   *
   * @param columns pictures side by side, at least 3
   */
  public GrayImage ofEach(int columns) {
    long told = seedThatShowsAll();
    List<List<Tile>> sheet = new ArrayList<>();
    for (Amount amount : varied()) {
      Range range = amount.range().apply(augmentation);
      List<Tile> tiles = new ArrayList<>(List.of(stored()));
      for (int step = 0; step < columns - 1; step++) {
        double value = range.from() + (range.to() - range.from()) * step / (columns - 2);
        tiles.add(tile(amount.alone(value, augmentation.edge()), told, List.of(amount)));
      }
      sheet.add(tiles);
    }
    if (augmentation.mirror()) {
      Augmentation mirror = Augmentation.builder().optMirror(true).build();
      sheet.add(List.of(stored(), tile(mirror, told, List.of())));
    }
    return TileGrid.of(sheet);
  }

  /** The first from ours on whose picture is neither left as it is nor spared. */
  private long seedThatShowsAll() {
    Augmenter coins =
        new Augmenter(Augmentation.builder().optMirror(true).optErase(0.1, 0.1).build());
    return LongStream.iterate(seed, next -> next + 1)
        .filter(next -> coins.draw(next).mirrored() && coins.draw(next).erased() > 0)
        .findFirst()
        .orElseThrow();
  }

  private List<Amount> varied() {
    return Amount.ALL.stream().filter(amount -> amount.isPartOf(augmentation)).toList();
  }

  private Tile stored() {
    return new Tile(picture, List.of("as stored"));
  }

  private Tile tile(Augmentation change, long drawSeed, List<Amount> told) {
    Augmenter augmenter = new Augmenter(change);
    float[] grays = augmenter.apply(picture, drawSeed);
    byte[] shown = new byte[grays.length];
    for (int i = 0; i < shown.length; i++) {
      shown[i] = (byte) Math.round(grays[i] * 255);
    }
    Draw draw = augmenter.draw(drawSeed);
    List<String> words =
        Stream.concat(
                told.stream().map(amount -> amount.caption().apply(draw)),
                Stream.of(draw.mirrored() ? "mirrored" : ""))
            .filter(word -> !word.isEmpty())
            .toList();
    return new Tile(new GrayImage(picture.width(), picture.height(), shown), words);
  }
}
