package dev.cxr.eval.figures;

import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.BinaryReport;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.MultiClassReport;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.metrics.Ranking;
import dev.cxr.eval.metrics.Resampled;
import dev.cxr.eval.metrics.comparison.DeLongTest;
import dev.cxr.eval.metrics.comparison.Holm;
import dev.cxr.eval.metrics.comparison.McNemarTest;
import dev.cxr.eval.metrics.comparison.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Several bundles on the same pictures.
 *
 * @param standings the figures of each, in the order of the entrants
 * @param pairs every two of them
 * @param families those that differ in their seed alone
 */
public record Comparison(List<Standing> standings, List<Pair> pairs, List<Family> families) {

  /**
   * One bundle.
   *
   * @param label its name
   * @param settings its task and threshold
   * @param binary the positive class against the rest, at its threshold
   * @param classes of three classes, by the most probable one
   * @param stages of three classes, one step after the other
   */
  public record Standing(
      String label,
      Settings settings,
      BinaryReport binary,
      Optional<MultiClassReport> classes,
      Optional<Stages> stages) {}

  /**
   * Two bundles. Of each kind of test all p-values of the comparison are corrected together.
   *
   * @param first one
   * @param second another
   * @param auroc the first's area less the second's, its interval by patient included
   * @param aurocCorrected its p by Holm
   * @param decisions which of them decides right at its own threshold
   * @param decisionsCorrected its p by Holm
   * @param classes of three classes in both, which of them names the right one
   * @param classesCorrected its p by Holm
   * @param cause of three classes in both, the area of bacterial against viral among pneumonias,
   *     the first's less the second's
   * @param causeCorrected its p by Holm
   */
  public record Pair(
      String first,
      String second,
      DeLongTest auroc,
      Estimate aurocCorrected,
      McNemarTest decisions,
      Estimate decisionsCorrected,
      Optional<McNemarTest> classes,
      Optional<Estimate> classesCorrected,
      Optional<DeLongTest> cause,
      Optional<Estimate> causeCorrected) {}

  /**
   * Bundles of one recipe that differ in their seed alone.
   *
   * @param members their names
   * @param figures of each figure its mean and spread
   */
  public record Family(List<String> members, Map<String, Spread> figures) {}

  private record Two(int first, int second) {}

  /**
   * Compares them.
   *
   * @param entrants at least two, their predictions being of the same pictures in the same order
   * @throws IllegalArgumentException if the pictures' labels differ
   */
  public static Comparison of(List<Entrant> entrants) {
    Settings settings = entrants.get(0).settings();
    List<Rows> rows =
        entrants.stream().map(e -> new Rows(e.settings().task(), e.predictions())).toList();
    PatientBootstrap bootstrap =
        PatientBootstrap.of(
            rows.get(0).patients(), settings.bootstrapSeed(), settings.bootstrapResamples());
    List<Standing> standings =
        IntStream.range(0, rows.size())
            .mapToObj(i -> standing(entrants.get(i), rows.get(i), bootstrap))
            .toList();
    return new Comparison(
        standings, pairs(entrants, rows, bootstrap), families(entrants, standings));
  }

  private static Standing standing(Entrant entrant, Rows rows, PatientBootstrap bootstrap) {
    Settings own = entrant.settings();
    return new Standing(
        entrant.label(),
        own,
        BinaryReport.of(rows.scores(), own.threshold(), bootstrap),
        own.task() == Task.THREE_CLASS
            ? Optional.of(MultiClassReport.of(rows.classes(), bootstrap))
            : Optional.empty(),
        own.task() == Task.THREE_CLASS
            ? Optional.of(Stages.of(rows, own, bootstrap))
            : Optional.empty());
  }

  private static List<Pair> pairs(
      List<Entrant> entrants, List<Rows> rows, PatientBootstrap bootstrap) {
    List<LabelledScores> scores = rows.stream().map(Rows::scores).toList();
    Resampled<List<Estimate>> areas =
        bootstrap.resample(
            times -> scores.stream().map(s -> Ranking.of(s.repeated(times)).auroc()).toList());
    List<Two> twos = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      for (int j = i + 1; j < rows.size(); j++) {
        twos.add(new Two(i, j));
      }
    }
    boolean classes = entrants.stream().allMatch(e -> e.settings().task() == Task.THREE_CLASS);
    List<DeLongTest> aurocs =
        twos.stream()
            .map(
                two ->
                    byPatient(
                        two, DeLongTest.of(scores.get(two.first), scores.get(two.second)), areas))
            .toList();
    List<McNemarTest> decisions =
        twos.stream().map(two -> test(two, entrants, Entrant::right)).toList();
    List<McNemarTest> named =
        classes
            ? twos.stream().map(two -> test(two, entrants, Entrant::rightClass)).toList()
            : List.of();
    List<DeLongTest> causes =
        classes ? twos.stream().map(two -> causes(two, rows)).toList() : List.of();
    List<Estimate> causeP = Holm.correct(causes.stream().map(DeLongTest::p).toList());
    List<Estimate> aurocP = Holm.correct(aurocs.stream().map(DeLongTest::p).toList());
    List<Estimate> decisionP = Holm.correct(decisions.stream().map(McNemarTest::p).toList());
    List<Estimate> namedP = Holm.correct(named.stream().map(McNemarTest::p).toList());
    return IntStream.range(0, twos.size())
        .mapToObj(
            i ->
                new Pair(
                    entrants.get(twos.get(i).first).label(),
                    entrants.get(twos.get(i).second).label(),
                    aurocs.get(i),
                    aurocP.get(i),
                    decisions.get(i),
                    decisionP.get(i),
                    classes ? Optional.of(named.get(i)) : Optional.empty(),
                    classes ? Optional.of(namedP.get(i)) : Optional.empty(),
                    classes ? Optional.of(causes.get(i)) : Optional.empty(),
                    classes ? Optional.of(causeP.get(i)) : Optional.empty()))
        .toList();
  }

  private static DeLongTest causes(Two two, List<Rows> rows) {
    return DeLongTest.of(cause(rows.get(two.first)), cause(rows.get(two.second)));
  }

  private static LabelledScores cause(Rows rows) {
    return Stages.cause(rows.those(p -> p.finding().isPneumonia()));
  }

  private static McNemarTest test(
      Two two, List<Entrant> entrants, Function<Entrant, boolean[]> right) {
    return McNemarTest.of(
        right.apply(entrants.get(two.first)), right.apply(entrants.get(two.second)));
  }

  /** The same test, the difference also having its interval over resampled patients. */
  private static DeLongTest byPatient(Two two, DeLongTest test, Resampled<List<Estimate>> areas) {
    Estimate resampled = areas.estimate(all -> difference(all.get(two.first), all.get(two.second)));
    if (test.difference() instanceof Estimate.Defined own
        && resampled instanceof Estimate.Defined other) {
      return new DeLongTest(
          new Estimate.Defined(own.value(), own.n(), own.interval(), other.byPatient()),
          test.z(),
          test.p());
    }
    return test;
  }

  private static Estimate difference(Estimate first, Estimate second) {
    return first instanceof Estimate.Defined a && second instanceof Estimate.Defined b
        ? new Estimate.Defined(a.value() - b.value(), a.n())
        : new Estimate.Undefined("an area is not defined");
  }

  private static List<Family> families(List<Entrant> entrants, List<Standing> standings) {
    Map<String, List<Standing>> byRecipe = new LinkedHashMap<>();
    for (int i = 0; i < standings.size(); i++) {
      if (!entrants.get(i).recipe().isEmpty()) {
        byRecipe
            .computeIfAbsent(entrants.get(i).recipe(), recipe -> new ArrayList<>())
            .add(standings.get(i));
      }
    }
    return byRecipe.values().stream()
        .filter(members -> members.size() > 1)
        .map(Comparison::family)
        .toList();
  }

  private static Family family(List<Standing> members) {
    Map<String, Function<BinaryReport, Estimate>> figures = new LinkedHashMap<>();
    figures.put("auroc", BinaryReport::auroc);
    figures.put("averagePrecision", BinaryReport::averagePrecision);
    figures.put("recall", BinaryReport::recall);
    figures.put("specificity", BinaryReport::specificity);
    figures.put("accuracy", BinaryReport::accuracy);
    figures.put("f1", BinaryReport::f1);
    figures.put("brier", BinaryReport::brier);
    Map<String, Spread> spreads = new LinkedHashMap<>();
    figures.forEach(
        (name, figure) ->
            spreads.put(
                name,
                Spread.of(members.stream().map(Standing::binary).map(figure).toList())
                    .withinUnit()));
    return new Family(members.stream().map(Standing::label).toList(), spreads);
  }
}
