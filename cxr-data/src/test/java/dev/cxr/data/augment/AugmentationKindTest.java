package dev.cxr.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class AugmentationKindTest {

  @Test
  void coversEveryRangeOfAnAugmentation() throws Exception {
    List<RecordComponent> ranges =
        Arrays.stream(Augmentation.class.getRecordComponents())
            .filter(component -> component.getType() == Range.class)
            .toList();
    assertThat(AugmentationKind.values()).hasSameSizeAs(ranges);
    for (RecordComponent range : ranges) {
      String key = range.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
      AugmentationKind kind =
          Arrays.stream(AugmentationKind.values())
              .filter(k -> k.toString().equals(key))
              .findAny()
              .orElseThrow();
      Augmentation alone = only(kind);
      assertThat(range.getAccessor().invoke(alone)).isEqualTo(new Range(0.5, 0.5));
      assertThat(AugmentationKind.values())
          .filteredOn(k -> !alone.range(k).equals(k.neutral()))
          .containsExactly(kind);
      assertThat(Augmentation.ALL_KINDS.range(kind)).isNotEqualTo(kind.neutral());
    }
  }

  private static Augmentation only(AugmentationKind kind) {
    return Augmentation.builder().opt(kind, 0.5, 0.5).build();
  }
}
