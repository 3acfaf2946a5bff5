package dev.cxr.models.bundle;

import dev.cxr.models.neighbours.Index;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code MODEL_CARD.md}, after Mitchell et al. 2019: what a model is for, and what it is not. */
final class ModelCard {

  private ModelCard() {}

  static String of(Manifest m) {
    String source =
        m.data().synthetic()
            ? "**the built-in synthetic sample: these figures show that the software works, and"
                + " nothing about medicine**"
            : "the collection `" + m.data().name() + "`";
    return String.format(
        Locale.ROOT,
        """
        # %s

        **Research software, not a medical device.** No decision about a person may rest on it.

        ## Intended use

        Research and teaching: %s on frontal chest X-rays like those it learned from.

        ## Out of scope

        Diagnosis, triage or screening of patients; other views, modalities and age groups than those
        of its training data; findings other than those named; pictures that are no chest X-rays, for
        which it gives a probability all the same.

        ## Model

        `%s` on gray pictures of %d x %d pixels, weights of epoch %d. Answers the probabilities of %s%s.
        %s is called at a probability of %.4f or more (%s).
        %s%s
        ## Data

        Learned from %s. Validation: %s.

        | split | pictures | of which |
        |---|---|---|
        %s

        ## Results on the validation split

        %s

        ```json
        %s
        ```

        ## Limits

        It sees pixels only. Collections differ in machine, exposure and age of the children: a
        threshold chosen on one need not hold on another. A probability is not a certainty.

        ## Made with

        cxr %s (%s), DJL %s, PyTorch %s, Java %s. `bundle.json` holds the recipe.
        """,
        m.name(),
        String.join(" or ", m.classes()),
        m.architecture(),
        m.input().side(),
        m.input().side(),
        m.epoch(),
        String.join(" and ", m.classes()),
        temperature(m),
        m.positiveClass(),
        m.threshold().value(),
        m.threshold().chosenBy(),
        vote(m),
        site(m),
        source,
        m.data().splitRule(),
        splits(m),
        flattery(m),
        Manifest.GSON.toJson(m.validation()),
        m.versions().cxr(),
        m.versions().gitCommit(),
        m.versions().djl(),
        m.versions().pytorch(),
        m.versions().java());
  }

  private static String temperature(Manifest m) {
    return m.temperature() == 1
        ? ""
        : String.format(
            Locale.ROOT, ",\nfrom logits divided by a temperature of %.4f", m.temperature());
  }

  private static String vote(Manifest m) {
    Index index = m.index();
    return index == null
        ? ""
        : String.format(
            Locale.ROOT,
            """

            Its classes are voted by the %d nearest of %d training pictures of `%s`, by the %s distance
            of %s, %s weights (%s). It has no Grad-CAM.

            **The parameters hold a vector for each of these pictures**, and from such a vector something
            of a picture can be reconstructed: give the bundle to no one who may not see the pictures.
            """,
            index.vote().k(),
            index.examples(),
            index.data(),
            index.distance().name().toLowerCase(Locale.ROOT),
            index.over().name().toLowerCase(Locale.ROOT),
            index.vote().weighting().name().toLowerCase(Locale.ROOT),
            index.chosenBy());
  }

  private static String site(Manifest m) {
    SiteCalibration calibration = m.calibration();
    return calibration == null
        ? ""
        : String.format(
            Locale.ROOT,
            """

            **Calibrated on a site.** The network is that of bundle %s. The operating threshold (%.4f there) and
            the temperature (%.4f, and %.4f there) were fitted with %d pictures of the site, %s.
            They hold for that site, and figures of this bundle are none of the plain protocol.
            """,
            calibration.from(),
            calibration.before().value(),
            m.temperature(),
            calibration.beforeTemperature(),
            calibration.pictures(),
            calibration.labelled()
                ? "whose findings were known"
                : "whose findings were not looked at: the temperature stayed");
  }

  private static String flattery(Manifest m) {
    SiteCalibration calibration = m.calibration();
    return calibration == null
        ? "Threshold, temperature and perhaps the epoch were chosen on these pictures, so the figures are"
            + " flattering:\njudge it by `evaluate` on a test split."
        : String.format(
            Locale.ROOT,
            "These are figures of bundle %s at its own threshold of %.4f, which was chosen on these"
                + " pictures:\nthey flatter, and say nothing of the site.",
            calibration.from(),
            calibration.before().value());
  }

  private static String splits(Manifest m) {
    return m.data().splits().entrySet().stream()
        .map(e -> row(e.getKey(), e.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static String row(String split, Manifest.SplitData data) {
    String classes =
        data.perClass().entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
    return String.format(Locale.ROOT, "| %s | %d | %s |", split, data.count(), classes);
  }
}
