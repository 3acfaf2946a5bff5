package dev.cxr.common.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.cxr.common.cli.Progress.ProgressTask;
import dev.cxr.common.testing.CapturedOutput;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {

  private final AtomicLong now = new AtomicLong(-5_000_000_000L); // nanoTime may be negative

  @Test
  @SuppressWarnings("SystemConsoleNull") // on Java 17 null does mean: not a terminal
  void printsNothingForShortTasks() throws Exception {
    assumeThat(System.console()).isNull();
    CapturedOutput<Void> run =
        CapturedOutput.during(
            () -> {
              try (Progress progress = Progress.start("Decoding", " images", 1000);
                  Progress bytes = Progress.startBytes("Fetching", 1000, 0)) {
                for (int i = 0; i < 1000; i++) {
                  progress.step(1, "");
                  bytes.step(1, "");
                }
              }
              return null;
            });
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEmpty();
  }

  @Test
  void printsALineEvery15SecondsWithoutTerminal() throws Exception {
    CapturedOutput<Void> run =
        CapturedOutput.during(
            () -> {
              ProgressTask work = ProgressTask.ofItems("Decoding", " images", 10, 0);
              try (Progress progress = Progress.withoutTerminal(work, now::get)) {
                stepAfter(14, progress, 1, "");
                stepAfter(2, progress, 3, "loss 0.5");
                stepAfter(1, progress, 1, "loss 0.4");
                stepAfter(14, progress, 1, "loss 0.3");
              }
              return null;
            });
    assertThat(run.out().lines())
        .containsExactly(
            "Decoding  4/10 images  0.3/s  24 s left  loss 0.5",
            "Decoding  6/10 images  0.2/s  21 s left  loss 0.3");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void showsMegabytesAndTheSpeedOfThisAttempt() throws Exception {
    CapturedOutput<Void> run =
        CapturedOutput.during(
            () -> {
              ProgressTask work =
                  ProgressTask.ofBytes("Fetching a.zip", 1_235_512_464, 400_000_000);
              try (Progress progress = Progress.withoutTerminal(work, now::get)) {
                stepAfter(20, progress, 50_000_000, "");
              }
              return null;
            });
    assertThat(run.out().lines())
        .containsExactly("Fetching a.zip  450.0/1235.5 MB  2.5 MB/s  5 min left");
  }

  @Test
  void excludesEarlierItemsFromTheSpeed() throws Exception {
    CapturedOutput<Void> run =
        CapturedOutput.during(
            () -> {
              ProgressTask work = ProgressTask.ofItems("Epoch 2/3", " images", 1000, 700);
              try (Progress progress = Progress.withoutTerminal(work, now::get)) {
                stepAfter(20, progress, 100, "batch 25/32  loss 0.4");
              }
              return null;
            });
    assertThat(run.out().lines())
        .containsExactly("Epoch 2/3  800/1000 images  5.0/s  40 s left  batch 25/32  loss 0.4");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, '1/1 image'",
    "0, 1, '0/1 image'",
    "1, 2, '1/2 images'",
    "5856, 5856, '5856/5856 images'"
  })
  void usesSingularUnitForATotalOfOne(long done, long total, String amount) {
    assertThat(ProgressTask.ofItems("Reading", " images", total, 0).statusLine(done, 30, ""))
        .startsWith("Reading  " + amount + "  ");
  }

  @Test
  void omitsTimeLeftBeforeTheFirstItem() {
    assertThat(ProgressTask.ofItems("Reading", " images", 9, 0).statusLine(0, 15, ""))
        .isEqualTo("Reading  0/9 images  0.0/s");
  }

  @Test
  void ignoresTheDefaultLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(ProgressTask.ofBytes("Fetching", 2_500_000, 0).statusLine(500_000, 1, ""))
          .isEqualTo("Fetching  0.5/2.5 MB  0.5 MB/s  4 s left");
    } finally {
      Locale.setDefault(before);
    }
  }

  private void stepAfter(int seconds, Progress progress, long amount, String note) {
    now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    progress.step(amount, note);
  }
}
