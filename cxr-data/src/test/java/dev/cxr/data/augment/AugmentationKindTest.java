package dev.cxr.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.cli.AugmentationOptions;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class AugmentationKindTest {

  @Command
  private static final class OptionsCommand implements Runnable {
    @Mixin private AugmentationOptions options = new AugmentationOptions();

    @Override
    public void run() {}
  }

  @Test
  void coversEveryRangeOfAnAugmentation() throws Exception {
    List<RecordComponent> ranges =
        Arrays.stream(Augmentation.class.getRecordComponents())
            .filter(component -> component.getType() == Range.class)
            .toList();
    assertThat(AugmentationKind.ALL).hasSameSizeAs(ranges);
    for (int i = 0; i < ranges.size(); i++) {
      AugmentationKind amount = AugmentationKind.ALL.get(i);
      Augmentation alone = amount.only(0.5, Augmentation.EdgeMode.REPEAT);
      assertThat(ranges.get(i).getAccessor().invoke(alone)).isEqualTo(new Range(0.5, 0.5));
      assertThat(AugmentationKind.ALL.stream().filter(a -> a.isActiveIn(alone)))
          .containsExactly(amount);
      assertThat(amount.isActiveIn(Augmentation.ALL_KINDS)).isTrue();
      String name = ranges.get(i).getName().replace("Degrees", "");
      assertThat(amount.caption().apply(sampleWithErase(alone))).startsWith(name + " ");
    }
  }

  /** Parameters that include erasing. */
  private static AugmentationParams sampleWithErase(Augmentation augmentation) {
    Augmenter augmenter = new Augmenter(augmentation);
    Augmenter erasing = new Augmenter(Augmentation.builder().optErase(0.1, 0.1).build());
    long seed = 0;
    while (erasing.sampleParams(seed).erasedArea() == 0) {
      seed++;
    }
    return augmenter.sampleParams(seed);
  }

  @Test
  void hasAnOptionForEveryRecipeKey() {
    var commandLine = new CommandLine(new OptionsCommand());
    for (RecordComponent component : Augmentation.class.getRecordComponents()) {
      String name = component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
      assertThat(commandLine.getCommandSpec().findOption("--" + name)).as(name).isNotNull();
    }
  }

  @Test
  void setsOneKindPerOption() {
    for (AugmentationKind amount : AugmentationKind.ALL) {
      String key = key(amount);
      assertThat(parse("--" + key, "0.5..0.5"))
          .isEqualTo(amount.only(0.5, Augmentation.EdgeMode.REPEAT));
    }
    assertThat(parse("--mirror")).isEqualTo(Augmentation.builder().optMirror(true).build());
    assertThat(parse("--edge", "black", "--zoom", "1..2").edge())
        .isEqualTo(Augmentation.EdgeMode.BLACK);
    assertThat(parse()).isEqualTo(Augmentation.ALL_KINDS);
    assertThat(parse("--edge", "black"))
        .isEqualTo(Augmentation.ALL_KINDS.toBuilder().optEdge(Augmentation.EdgeMode.BLACK).build());
    assertThat(parse("--shift=-.5...5").shift()).isEqualTo(new Range(-0.5, 0.5));
  }

  private static String key(AugmentationKind amount) {
    int at = AugmentationKind.ALL.indexOf(amount);
    String name =
        Arrays.stream(Augmentation.class.getRecordComponents())
            .filter(component -> component.getType() == Range.class)
            .toList()
            .get(at)
            .getName();
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static Augmentation parse(String... arguments) {
    var asking = new OptionsCommand();
    new CommandLine(asking).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    return asking.options.augmentation();
  }
}
