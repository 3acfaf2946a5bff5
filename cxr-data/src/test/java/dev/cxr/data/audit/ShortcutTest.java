package dev.cxr.data.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.audit.Shortcut.Group;
import dev.cxr.data.audit.Shortcut.SameForAll;
import dev.cxr.data.audit.Shortcut.Told;
import dev.cxr.data.catalogue.Finding;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.StoredImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShortcutTest {

  @Test
  void aProfileThatOnlyNormalsHaveTellsThemInFull() {
    List<PictureFacts> facts = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      facts.add(
          facts(
              Finding.NORMAL,
              Split.TRAIN,
              100,
              Optional.of(new StoredImage(50 + i, 100, 100, true))));
      facts.add(
          facts(
              Finding.VIRAL_PNEUMONIA,
              Split.TRAIN,
              100,
              Optional.of(new StoredImage(50 + i, 100, 100, false))));
    }
    Shortcut profile = only(facts, Comparison.NORMAL_AGAINST_PNEUMONIA, Feature.COLOUR_PROFILE);
    Told told = (Told) profile.outcome();
    assertThat(told.auroc().area()).isEqualTo(1);
    assertThat(told.greater()).isEqualTo(Group.FIRST);
    assertThat(told.isWarning()).isTrue();

    Told size =
        (Told) only(facts, Comparison.NORMAL_AGAINST_PNEUMONIA, Feature.FILE_BYTES).outcome();
    assertThat(size.auroc().area()).isEqualTo(0.5);
    assertThat(size.isWarning()).isFalse();
  }

  @Test
  void theAreaIsGivenForTheGroupOfTheGreaterValues() {
    List<PictureFacts> facts = new ArrayList<>();
    for (int width : new int[] {100, 101, 104, 106}) {
      facts.add(facts(Finding.BACTERIAL_PNEUMONIA, Split.TEST, width, Optional.empty()));
    }
    for (int width : new int[] {103, 105, 107, 108}) {
      facts.add(facts(Finding.VIRAL_PNEUMONIA, Split.TEST, width, Optional.empty()));
    }
    Shortcut width = only(facts, Comparison.BACTERIAL_AGAINST_VIRAL, Feature.WIDTH);
    assertThat(width.side()).isEqualTo(Side.TEST);
    assertThat(width.first()).isEqualTo(4);
    assertThat(width.second()).isEqualTo(4);
    Told told = (Told) width.outcome();
    assertThat(told.greater()).isEqualTo(Group.SECOND);
    assertThat(told.auroc().area()).isEqualTo(13 / 16.0);
    // the wider of these pictures are the lower
    Told height = (Told) only(facts, Comparison.BACTERIAL_AGAINST_VIRAL, Feature.HEIGHT).outcome();
    assertThat(height.greater()).isEqualTo(Group.FIRST);
    assertThat(height.auroc().area()).isEqualTo(13 / 16.0);
  }

  @Test
  void aFigureThatIsTheSameForAllIsNoArea() {
    List<PictureFacts> facts =
        List.of(
            facts(
                Finding.NORMAL, Split.TRAIN, 100, Optional.of(new StoredImage(9, 100, 100, false))),
            facts(
                Finding.PNEUMONIA,
                Split.VALIDATION,
                100,
                Optional.of(new StoredImage(9, 100, 100, false))));
    assertThat(only(facts, Comparison.NORMAL_AGAINST_PNEUMONIA, Feature.WIDTH).outcome())
        .isEqualTo(new SameForAll(100));
    assertThat(only(facts, Comparison.NORMAL_AGAINST_PNEUMONIA, Feature.COLOUR_PROFILE).outcome())
        .isEqualTo(new SameForAll(0));
  }

  @Test
  void aFewPicturesThatMayBeChanceAreNoWarning() {
    List<PictureFacts> facts =
        List.of(
            facts(Finding.NORMAL, Split.TRAIN, 100, Optional.empty()),
            facts(Finding.PNEUMONIA, Split.TRAIN, 101, Optional.empty()));
    Told told = (Told) only(facts, Comparison.NORMAL_AGAINST_PNEUMONIA, Feature.WIDTH).outcome();
    assertThat(told.auroc().area()).isEqualTo(1);
    assertThat(told.isWarning()).isFalse();
  }

  @Test
  void drawnPicturesHaveNoFileToTellThemBy() {
    List<PictureFacts> facts =
        List.of(
            facts(Finding.NORMAL, Split.TRAIN, 100, Optional.empty()),
            facts(Finding.PNEUMONIA, Split.TRAIN, 101, Optional.empty()));
    assertThat(Shortcut.of(facts))
        .extracting(Shortcut::feature)
        .doesNotContain(Feature.FILE_BYTES, Feature.COLOUR_PROFILE)
        .contains(Feature.WIDTH, Feature.MEAN_INTENSITY);
  }

  @Test
  void whereAGroupIsMissingNothingIsCompared() {
    assertThat(
            Shortcut.of(
                List.of(
                    facts(Finding.NORMAL, Split.TRAIN, 100, Optional.empty()),
                    facts(Finding.PNEUMONIA, Split.TEST, 101, Optional.empty()))))
        .isEmpty();
  }

  private static Shortcut only(List<PictureFacts> facts, Comparison comparison, Feature feature) {
    List<Shortcut> found =
        Shortcut.of(facts).stream()
            .filter(s -> s.comparison() == comparison && s.feature() == feature)
            .toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  /** A gray picture; the wider, the lower. */
  private static PictureFacts facts(
      Finding finding, Split split, int width, Optional<StoredImage> file) {
    int height = 200 - width;
    byte[] pixels = new byte[width * height];
    Arrays.fill(pixels, (byte) 90);
    return PictureFacts.of(
        Drawn.xray("x", finding, "p", split), new GrayImage(width, height, pixels), file);
  }
}
