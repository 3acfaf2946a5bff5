package dev.cxr.models.bundle;

import dev.cxr.models.knn.KnnIndex;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code MODEL_CARD.md}, after Mitchell et al. 2019: intended use, data, metrics and limits. */
final class ModelCard {

  private final Manifest manifest;

  private ModelCard(Manifest manifest) {
    this.manifest = manifest;
  }

  static String render(Manifest manifest) {
    return new ModelCard(manifest).text();
  }

  private String text() {
    return String.format(
        Locale.ROOT,
        """
        # %s

        **Research software, not a medical device.** No decision about a person may rest on it.

        ## Intended use

        Research and teaching: %s on frontal chest X-rays like those of its training.

        ## Out of scope

        Diagnosis, triage or screening of patients; other views, modalities and age groups than those
        of the training data; findings other than those named. It returns a probability for any image,
        even for one that is not a chest X-ray.

        ## Model

        | | |
        |---|---|
        | architecture | `%s` |
        | input | gray image, resized to %d x %d pixels |
        | output | probabilities of %s |
        | operating threshold | %s at a probability of %.4f or more |
        | chosen by | %s |
        | temperature | %.4f |
        | weights | epoch %d |
        %s%s
        ## Data

        Trained on %s. Validation split: %s.

        | split | images | per class |
        |---|---|---|
        %s

        ## Results on validation

        %s

        %s

        ## Results on a test split

        None: a bundle holds no test results. `cxr-eval evaluate` measures them, with intervals.

        ## Limits

        The model sees pixels only. Datasets differ in equipment, exposure and the age of the patients:
        a threshold chosen on one may not hold on another. A probability is not a certainty.

        ## Made with

        cxr %s (%s), DJL %s, PyTorch %s, Java %s. `bundle.json` holds the recipe.
        """,
        manifest.name(),
        String.join(" or ", manifest.classes()),
        manifest.architecture(),
        manifest.input().side(),
        manifest.input().side(),
        String.join(", ", manifest.classes()),
        manifest.positiveClass(),
        manifest.threshold().value(),
        manifest.threshold().rule(),
        manifest.temperature(),
        manifest.epoch(),
        knnSection(),
        calibrationSection() + quantizationSection(),
        dataset(),
        manifest.data().splitRule(),
        splitRows(),
        validationCaveat(),
        MetricTable.of(manifest.validationMetrics(), manifest.positiveClass()),
        manifest.versions().cxr(),
        manifest.versions().gitCommit(),
        manifest.versions().djl(),
        manifest.versions().pytorch(),
        manifest.versions().java());
  }

  private String dataset() {
    return manifest.data().synthetic()
        ? "**the built-in synthetic sample: the results show that the software works, and nothing"
            + " about medicine**"
        : "the dataset `%s`".formatted(manifest.data().name());
  }

  private String knnSection() {
    KnnIndex index = manifest.knnIndex();
    return index == null
        ? ""
        : String.format(
            Locale.ROOT,
            """

            The %d nearest of %d training images of `%s` vote on the class, by the %s distance of %s with
            %s weights (%s). There is no Grad-CAM.

            **The parameters hold a vector of each of these images**, from which parts of an image can be
            reconstructed: share the bundle only with people who may see the images.
            """,
            index.vote().k(),
            index.exampleCount(),
            index.dataset(),
            lowerCase(index.distance()),
            lowerCase(index.features()),
            lowerCase(index.vote().weighting()),
            index.kRule());
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private String calibrationSection() {
    SiteCalibration calibration = manifest.calibration();
    return calibration == null
        ? ""
        : String.format(
            Locale.ROOT,
            """

            **Calibrated on a site.** The network is that of bundle %s, with threshold %.4f and temperature
            %.4f. Both were fitted here to %d images of a site, %s. They hold for that site only; results
            of this bundle do not follow the plain protocol.
            """,
            calibration.sourceBundle(),
            calibration.originalThreshold().value(),
            calibration.originalTemperature(),
            calibration.imageCount(),
            calibration.usedLabels()
                ? "with their labels"
                : "without labels, so the temperature stayed");
  }

  private String quantizationSection() {
    Quantization quantization = manifest.quantization();
    return quantization == null
        ? ""
        : String.format(
            Locale.ROOT,
            """

            **With an int8 variant** (`int8.onnx`), which predicts with `--precision int8` only. %s,
            on %d training images. Compared with float32 on %d validation images: AUROC %.4f, float32
            %.4f; %d decisions differ. On the machine that made it, %.1f images per second, float32
            %.1f.
            """,
            quantization.method(),
            quantization.calibrationImages(),
            quantization.validationImages(),
            quantization.int8Auroc(),
            quantization.float32Auroc(),
            quantization.changedDecisions(),
            quantization.int8ImagesPerSecond(),
            quantization.float32ImagesPerSecond());
  }

  private String validationCaveat() {
    SiteCalibration calibration = manifest.calibration();
    return calibration == null
        ? "The threshold, the temperature and perhaps the epoch were chosen on these images: the"
            + " results are optimistic."
        : String.format(
            Locale.ROOT,
            "Results of bundle %s at its own threshold of %.4f, which was chosen on these images:"
                + " they are optimistic and do not describe the site.",
            calibration.sourceBundle(),
            calibration.originalThreshold().value());
  }

  private String splitRows() {
    return manifest.data().splits().entrySet().stream()
        .map(split -> splitRow(split.getKey(), split.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static String splitRow(String split, Manifest.SplitData data) {
    String classes =
        data.perClass().entrySet().stream()
            .map(count -> count.getKey() + " " + count.getValue())
            .collect(Collectors.joining(", "));
    return String.format(Locale.ROOT, "| %s | %d | %s |", split, data.count(), classes);
  }
}
