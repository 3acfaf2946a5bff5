package dev.cxr.eval;

import dev.cxr.common.files.AtomicFolder;
import dev.cxr.common.runtime.EngineDefaults;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.eval.evaluation.ClassSources;
import dev.cxr.eval.evaluation.Evaluation;
import dev.cxr.eval.evaluation.EvaluationData;
import dev.cxr.eval.evaluation.EvaluationDepth;
import dev.cxr.eval.evaluation.EvaluationSplit;
import dev.cxr.eval.evaluation.ThresholdSource;
import dev.cxr.eval.metrics.ThresholdRule;
import dev.cxr.eval.prediction.AsyncModelLoader;
import dev.cxr.eval.report.EvaluationFigures;
import dev.cxr.eval.report.EvaluationWriter;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a model bundle on a dataset.
 *
 * <pre>{@code
 * Evaluation evaluation =
 *     Evaluator.builder().setBundle(bundle).setDataset("chest_xray").build().evaluate();
 * if (evaluation.metrics().binary().auroc() instanceof Estimate.Defined auroc) {
 *   System.out.println(auroc.value() + " " + auroc.bestInterval());
 * }
 * }</pre>
 *
 * <p>An evaluator prints nothing to standard output and starts no other process. It can be used
 * several times, but by one thread at a time.
 *
 * @since 0.1
 */
public final class Evaluator {

  static {
    EngineDefaults.prepare();
  }

  private final Path bundle;
  private final String dataset;
  private final @Nullable String developmentDataset;
  private final EvaluationSplit split;
  private final EvaluationDepth depth;
  private final ThresholdSource thresholdChoice;
  private final ClassSources classSources;

  private Evaluator(Builder builder, Path bundle, String dataset) {
    this.bundle = bundle;
    this.dataset = dataset;
    this.developmentDataset = builder.developmentDataset;
    this.split = builder.split;
    this.depth = builder.depth;
    this.thresholdChoice = new ThresholdSource(Optional.ofNullable(builder.thresholdRule));
    this.classSources = builder.classSources;
  }

  /** {@return a new builder; bundle and dataset are required} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Predicts every image of the split and computes all metrics.
   *
   * @return predictions and metrics, each metric with its 95 % interval and number of examples
   * @throws dev.cxr.common.cli.UserErrorException if bundle or dataset is missing or damaged, no
   *     image belongs to the task, or there are no validation images to choose the threshold on
   * @throws IOException if a file cannot be read
   */
  public Evaluation evaluate() throws IOException {
    Bundle opened = Bundle.open(bundle);
    try (AsyncModelLoader loader = AsyncModelLoader.start(opened)) {
      EvaluationData data =
          new EvaluationData(
              open(dataset, opened),
              split,
              developmentDataset == null
                  ? Optional.empty()
                  : Optional.of(open(developmentDataset, opened)),
              classSources);
      return Evaluation.of(opened, loader, data, thresholdChoice, depth);
    }
  }

  private static DatasetIndex open(String data, Bundle bundle) throws IOException {
    return DatasetReader.read(data, Optional.empty(), bundle.manifest().data().options());
  }

  /**
   * Writes {@code report.html}, {@code metrics.json} and {@code predictions.csv}.
   *
   * @param evaluation the result to write
   * @param folder to create; it appears complete or not at all
   * @throws dev.cxr.common.cli.UserErrorException if it exists already
   * @throws IOException if it cannot be written
   */
  public static void writeReport(Evaluation evaluation, Path folder) throws IOException {
    try (AtomicFolder report = AtomicFolder.create(folder)) {
      EvaluationWriter.write(evaluation, report.path());
      report.commit();
    }
  }

  /**
   * Writes figures for a paper, one journal column wide, as SVG, PNG and PDF.
   *
   * @param evaluation the result to draw
   * @param folder to create; it appears complete or not at all
   * @return the names of the figures, and what was left out
   * @throws dev.cxr.common.cli.UserErrorException if the folder exists already, or the bundle's
   *     {@code history.csv} is damaged
   * @throws IOException if it cannot be written
   */
  public static EvaluationFigures.WrittenFigures writeFigures(Evaluation evaluation, Path folder)
      throws IOException {
    try (AtomicFolder figures = AtomicFolder.create(folder)) {
      EvaluationFigures.WrittenFigures written =
          EvaluationFigures.write(evaluation, figures.path());
      figures.commit();
      return written;
    }
  }

  /** Options of an {@link Evaluator}. */
  public static final class Builder {

    private @Nullable Path bundle;
    private @Nullable String dataset;
    private @Nullable String developmentDataset;
    private EvaluationSplit split = EvaluationSplit.TEST;
    private EvaluationDepth depth = EvaluationDepth.FULL;
    private @Nullable ThresholdRule thresholdRule;
    private ClassSources classSources = ClassSources.SHARED;

    private Builder() {}

    /**
     * Sets the bundle to evaluate; required.
     *
     * @param newBundle its folder
     * @return this builder
     */
    public Builder setBundle(Path newBundle) {
      this.bundle = newBundle;
      return this;
    }

    /**
     * Sets the dataset; required.
     *
     * @param newDataset a folder, an {@code .npz} archive, a {@code .csv} manifest, or {@value
     *     DatasetIndex#SYNTHETIC} for the built-in sample
     * @return this builder
     */
    public Builder setDataset(String newDataset) {
      this.dataset = newDataset;
      return this;
    }

    /**
     * Sets the dataset; required.
     *
     * @param newDataset a folder, an {@code .npz} archive or a {@code .csv} manifest
     * @return this builder
     */
    public Builder setDataset(Path newDataset) {
      return setDataset(newDataset.toString());
    }

    /**
     * Sets the split to evaluate; {@link EvaluationSplit#TEST} by default.
     *
     * @param newSplit the split
     * @return this builder
     */
    public Builder optSplit(EvaluationSplit newSplit) {
      this.split = newSplit;
      return this;
    }

    /**
     * Sets the dataset that the bundle was trained on, if it is another than {@link #setDataset};
     * none by default. It supplies training and validation images.
     *
     * @param newDataset as for {@link #setDataset(String)}
     * @return this builder
     */
    public Builder optDevelopmentDataset(String newDataset) {
      this.developmentDataset = newDataset;
      return this;
    }

    /**
     * Chooses the threshold on validation; by default the bundle's own is used.
     *
     * @param rule how to choose it
     * @return this builder
     */
    public Builder optThresholdRule(ThresholdRule rule) {
      this.thresholdRule = rule;
      return this;
    }

    /**
     * Sets how much to measure; {@link EvaluationDepth#FULL} by default.
     *
     * @param newDepth the depth
     * @return this builder
     */
    public Builder optDepth(EvaluationDepth newDepth) {
      this.depth = newDepth;
      return this;
    }

    /**
     * Sets whether the classes come from one source; {@link ClassSources#SHARED} by default.
     *
     * @param sources {@link ClassSources#SEPARATE} if no metric may mix the classes
     * @return this builder
     */
    public Builder optClassSources(ClassSources sources) {
      this.classSources = sources;
      return this;
    }

    /**
     * Builds the evaluator.
     *
     * @return a new evaluator
     * @throws IllegalStateException if bundle or dataset is not set, naming both
     */
    public Evaluator build() {
      List<String> missing = new ArrayList<>();
      if (bundle == null) {
        missing.add("setBundle");
      }
      if (dataset == null) {
        missing.add("setDataset");
      }
      if (bundle == null || dataset == null) {
        throw new IllegalStateException("call before build(): " + String.join(", ", missing));
      }
      return new Evaluator(this, bundle, dataset);
    }
  }
}
