package dev.cxr.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class AmountTest {

  @Command
  private static final class Asking implements Runnable {
    @Mixin private AugmentationOptions options = new AugmentationOptions();

    @Override
    public void run() {}
  }

  @Test
  void everyKindWithARangeIsAnAmountAndSetsItsOwnAlone() throws Exception {
    List<RecordComponent> ranges =
        Arrays.stream(Augmentation.class.getRecordComponents())
            .filter(component -> component.getType() == Range.class)
            .toList();
    assertThat(Amount.ALL).hasSameSizeAs(ranges);
    for (int i = 0; i < ranges.size(); i++) {
      Amount amount = Amount.ALL.get(i);
      Augmentation alone = amount.alone(0.5, Augmentation.Edge.REPEAT);
      assertThat(ranges.get(i).getAccessor().invoke(alone)).isEqualTo(new Range(0.5, 0.5));
      assertThat(Amount.ALL.stream().filter(a -> a.isPartOf(alone))).containsExactly(amount);
      assertThat(amount.isPartOf(Augmentation.EVERYTHING)).isTrue();
      String name = ranges.get(i).getName().replace("Degrees", "");
      assertThat(amount.caption().apply(drawnWith(alone))).startsWith(name + " ");
    }
  }

  /** A picture that is not spared from erasing. */
  private static Draw drawnWith(Augmentation augmentation) {
    Augmenter augmenter = new Augmenter(augmentation);
    Augmenter erasing = new Augmenter(Augmentation.builder().optErase(0.1, 0.1).build());
    long seed = 0;
    while (erasing.draw(seed).erased() == 0) {
      seed++;
    }
    return augmenter.draw(seed);
  }

  @Test
  void everyKeyOfARecipesAugmentationIsAnOption() {
    var commandLine = new CommandLine(new Asking());
    for (RecordComponent component : Augmentation.class.getRecordComponents()) {
      String name = component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
      assertThat(commandLine.getCommandSpec().findOption("--" + name)).as(name).isNotNull();
    }
  }

  @Test
  void everyOptionSetsItsOwnKindAndNoneMeansAll() {
    for (Amount amount : Amount.ALL) {
      String key = key(amount);
      assertThat(asked("--" + key, "0.5..0.5"))
          .isEqualTo(amount.alone(0.5, Augmentation.Edge.REPEAT));
    }
    assertThat(asked("--mirror")).isEqualTo(Augmentation.builder().optMirror(true).build());
    assertThat(asked("--edge", "black", "--zoom", "1..2").edge())
        .isEqualTo(Augmentation.Edge.BLACK);
    assertThat(asked()).isEqualTo(Augmentation.EVERYTHING);
    assertThat(asked("--edge", "black"))
        .isEqualTo(Augmentation.EVERYTHING.toBuilder().optEdge(Augmentation.Edge.BLACK).build());
    assertThat(asked("--shift=-.5...5").shift()).isEqualTo(new Range(-0.5, 0.5));
  }

  private static String key(Amount amount) {
    int at = Amount.ALL.indexOf(amount);
    String name =
        Arrays.stream(Augmentation.class.getRecordComponents())
            .filter(component -> component.getType() == Range.class)
            .toList()
            .get(at)
            .getName();
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static Augmentation asked(String... arguments) {
    var asking = new Asking();
    new CommandLine(asking).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    return asking.options.augmentation();
  }
}
