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
    assertThat(AugmentationKind.values()).hasSameSizeAs(ranges);
    for (RecordComponent range : ranges) {
      String key = range.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
      AugmentationKind kind =
          Arrays.stream(AugmentationKind.values())
              .filter(k -> k.key().equals(key))
              .findAny()
              .orElseThrow();
      Augmentation alone = only(kind);
      assertThat(range.getAccessor().invoke(alone)).isEqualTo(new Range(0.5, 0.5));
      assertThat(AugmentationKind.values()).filteredOn(alone::has).containsExactly(kind);
      assertThat(Augmentation.ALL_KINDS.has(kind)).isTrue();
      assertThat(kind.caption(sampleWithErase(alone)))
          .startsWith(range.getName().replace("Degrees", "") + " ");
    }
  }

  private static Augmentation only(AugmentationKind kind) {
    return Augmentation.builder().opt(kind, 0.5, 0.5).build();
  }

  /** Parameters that include erasing. */
  private static AugmentationParams sampleWithErase(Augmentation augmentation) {
    Augmenter augmenter = new Augmenter(augmentation);
    Augmenter erasing =
        new Augmenter(Augmentation.builder().opt(AugmentationKind.ERASE, 0.1, 0.1).build());
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
    for (AugmentationKind kind : AugmentationKind.values()) {
      assertThat(parse("--" + kind.key(), "0.5..0.5")).isEqualTo(only(kind));
    }
    assertThat(parse("--mirror")).isEqualTo(Augmentation.builder().optMirror(true).build());
    assertThat(parse("--edge", "black", "--zoom", "1..2").edge())
        .isEqualTo(Augmentation.EdgeMode.BLACK);
    assertThat(parse()).isEqualTo(Augmentation.ALL_KINDS);
    assertThat(parse("--edge", "black"))
        .isEqualTo(Augmentation.ALL_KINDS.toBuilder().optEdge(Augmentation.EdgeMode.BLACK).build());
    assertThat(parse("--shift=-.5...5").shift()).isEqualTo(new Range(-0.5, 0.5));
  }

  private static Augmentation parse(String... arguments) {
    var command = new OptionsCommand();
    new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    return command.options.augmentation();
  }
}
