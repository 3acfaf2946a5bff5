package dev.cxr.models.bundle;

import dev.cxr.models.knn.KnnIndex;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code MODEL_CARD.md}, after Mitchell et al. 2019: what a model is for, and what it is not. */
final class ModelCard {

  private ModelCard() {}

  static String render(Manifest manifest) {
    String source =
        manifest.data().synthetic()
            ? "**the built-in synthetic sample: these figures show that the software works, and"
                + " nothing about medicine**"
            : "the collection `" + manifest.data().name() + "`";
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
        manifest.name(),
        String.join(" or ", manifest.classes()),
        manifest.architecture(),
        manifest.input().side(),
        manifest.input().side(),
        manifest.epoch(),
        String.join(" and ", manifest.classes()),
        temperatureText(manifest),
        manifest.positiveClass(),
        manifest.threshold().value(),
        manifest.threshold().rule(),
        knnSection(manifest),
        calibrationSection(manifest),
        source,
        manifest.data().splitRule(),
        splitRows(manifest),
        validationCaveat(manifest),
        Manifest.GSON.toJson(manifest.validationMetrics()),
        manifest.versions().cxr(),
        manifest.versions().gitCommit(),
        manifest.versions().djl(),
        manifest.versions().pytorch(),
        manifest.versions().java());
  }

  private static String temperatureText(Manifest manifest) {
    return manifest.temperature() == 1
        ? ""
        : String.format(
            Locale.ROOT, ",\nfrom logits divided by a temperature of %.4f", manifest.temperature());
  }

  private static String knnSection(Manifest manifest) {
    KnnIndex index = manifest.knnIndex();
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
            index.exampleCount(),
            index.dataset(),
            index.distance().name().toLowerCase(Locale.ROOT),
            index.features().name().toLowerCase(Locale.ROOT),
            index.vote().weighting().name().toLowerCase(Locale.ROOT),
            index.kRule());
  }

  private static String calibrationSection(Manifest manifest) {
    SiteCalibration calibration = manifest.calibration();
    return calibration == null
        ? ""
        : String.format(
            Locale.ROOT,
            """

            **Calibrated on a site.** The network is that of bundle %s. The operating threshold (%.4f there) and
            the temperature (%.4f, and %.4f there) were fitted with %d pictures of the site, %s.
            They hold for that site, and figures of this bundle are none of the plain protocol.
            """,
            calibration.sourceBundle(),
            calibration.originalThreshold().value(),
            manifest.temperature(),
            calibration.originalTemperature(),
            calibration.imageCount(),
            calibration.usedLabels()
                ? "whose findings were known"
                : "whose findings were not looked at: the temperature stayed");
  }

  private static String validationCaveat(Manifest manifest) {
    SiteCalibration calibration = manifest.calibration();
    return calibration == null
        ? "Threshold, temperature and perhaps the epoch were chosen on these pictures, so the figures are"
            + " flattering:\njudge it by `evaluate` on a test split."
        : String.format(
            Locale.ROOT,
            "These are figures of bundle %s at its own threshold of %.4f, which was chosen on these"
                + " pictures:\nthey flatter, and say nothing of the site.",
            calibration.sourceBundle(),
            calibration.originalThreshold().value());
  }

  private static String splitRows(Manifest manifest) {
    return manifest.data().splits().entrySet().stream()
        .map(e -> splitRow(e.getKey(), e.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static String splitRow(String split, Manifest.SplitData data) {
    String classes =
        data.perClass().entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
    return String.format(Locale.ROOT, "| %s | %d | %s |", split, data.count(), classes);
  }
}
