package dev.cxr.data.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.audit.Shortcut.ConstantFeature;
import dev.cxr.data.audit.Shortcut.PairMember;
import dev.cxr.data.audit.Shortcut.Separation;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageHeader;
import dev.cxr.data.index.ClassNames;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShortcutTest {

  private static final List<ClassPair> PAIRS = ClassPair.of(ClassNames.BUILT_IN);

  @Test
  void findsAnIccProfileThatSeparatesTheClasses() {
    List<ImageProperties> facts = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      facts.add(
          properties(
              Finding.NORMAL,
              Split.TRAIN,
              100,
              Optional.of(new ImageHeader(50 + i, 100, 100, true))));
      facts.add(
          properties(
              Finding.VIRAL_PNEUMONIA,
              Split.TRAIN,
              100,
              Optional.of(new ImageHeader(50 + i, 100, 100, false))));
    }
    Shortcut profile = only(facts, ClassPair.NORMAL_VS_PNEUMONIA, ImageFeature.ICC_PROFILE);
    Separation told = (Separation) profile.outcome();
    assertThat(told.auroc().area()).isEqualTo(1);
    assertThat(told.higherMember()).isEqualTo(PairMember.FIRST);
    assertThat(told.isWarning()).isTrue();

    Separation size =
        (Separation) only(facts, ClassPair.NORMAL_VS_PNEUMONIA, ImageFeature.FILE_BYTES).outcome();
    assertThat(size.auroc().area()).isEqualTo(0.5);
    assertThat(size.isWarning()).isFalse();
  }

  @Test
  void namesTheClassWithTheHigherValues() {
    List<ImageProperties> facts = new ArrayList<>();
    for (int width : new int[] {100, 101, 104, 106}) {
      facts.add(properties(Finding.BACTERIAL_PNEUMONIA, Split.TEST, width, Optional.empty()));
    }
    for (int width : new int[] {103, 105, 107, 108}) {
      facts.add(properties(Finding.VIRAL_PNEUMONIA, Split.TEST, width, Optional.empty()));
    }
    Shortcut width = only(facts, ClassPair.BACTERIAL_VS_VIRAL, ImageFeature.WIDTH);
    assertThat(width.partition()).isEqualTo(Partition.TEST);
    assertThat(width.firstCount()).isEqualTo(4);
    assertThat(width.secondCount()).isEqualTo(4);
    Separation told = (Separation) width.outcome();
    assertThat(told.higherMember()).isEqualTo(PairMember.SECOND);
    assertThat(told.auroc().area()).isEqualTo(13 / 16.0);
    // the wider images are the lower ones
    Separation height =
        (Separation) only(facts, ClassPair.BACTERIAL_VS_VIRAL, ImageFeature.HEIGHT).outcome();
    assertThat(height.higherMember()).isEqualTo(PairMember.FIRST);
    assertThat(height.auroc().area()).isEqualTo(13 / 16.0);
  }

  @Test
  void reportsConstantFeatures() {
    List<ImageProperties> facts =
        List.of(
            properties(
                Finding.NORMAL, Split.TRAIN, 100, Optional.of(new ImageHeader(9, 100, 100, false))),
            properties(
                Finding.PNEUMONIA,
                Split.VALIDATION,
                100,
                Optional.of(new ImageHeader(9, 100, 100, false))));
    assertThat(only(facts, ClassPair.NORMAL_VS_PNEUMONIA, ImageFeature.WIDTH).outcome())
        .isEqualTo(new ConstantFeature(100));
    assertThat(only(facts, ClassPair.NORMAL_VS_PNEUMONIA, ImageFeature.ICC_PROFILE).outcome())
        .isEqualTo(new ConstantFeature(0));
  }

  @Test
  void doesNotWarnOnFewImages() {
    List<ImageProperties> facts =
        List.of(
            properties(Finding.NORMAL, Split.TRAIN, 100, Optional.empty()),
            properties(Finding.PNEUMONIA, Split.TRAIN, 101, Optional.empty()));
    Separation told =
        (Separation) only(facts, ClassPair.NORMAL_VS_PNEUMONIA, ImageFeature.WIDTH).outcome();
    assertThat(told.auroc().area()).isEqualTo(1);
    assertThat(told.isWarning()).isFalse();
  }

  @Test
  void omitsFileFeaturesOfSyntheticImages() {
    List<ImageProperties> facts =
        List.of(
            properties(Finding.NORMAL, Split.TRAIN, 100, Optional.empty()),
            properties(Finding.PNEUMONIA, Split.TRAIN, 101, Optional.empty()));
    assertThat(Shortcut.findIn(facts, PAIRS))
        .extracting(Shortcut::feature)
        .doesNotContain(ImageFeature.FILE_BYTES, ImageFeature.ICC_PROFILE)
        .contains(ImageFeature.WIDTH, ImageFeature.MEAN_INTENSITY);
  }

  @Test
  void requiresBothClasses() {
    assertThat(
            Shortcut.findIn(
                List.of(
                    properties(Finding.NORMAL, Split.TRAIN, 100, Optional.empty()),
                    properties(Finding.PNEUMONIA, Split.TEST, 101, Optional.empty())),
                PAIRS))
        .isEmpty();
  }

  private static Shortcut only(
      List<ImageProperties> facts, ClassPair comparison, ImageFeature feature) {
    List<Shortcut> found =
        Shortcut.findIn(facts, PAIRS).stream()
            .filter(s -> s.classPair().equals(comparison) && s.feature() == feature)
            .toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  /** A gray image; the wider, the lower. */
  private static ImageProperties properties(
      Finding finding, Split split, int width, Optional<ImageHeader> file) {
    int height = 200 - width;
    byte[] pixels = new byte[width * height];
    Arrays.fill(pixels, (byte) 90);
    return ImageProperties.of(
        AuditFixtures.xray("x", finding, "p", split), new GrayImage(width, height, pixels), file);
  }
}
