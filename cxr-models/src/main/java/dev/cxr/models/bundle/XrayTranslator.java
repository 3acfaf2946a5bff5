package dev.cxr.models.bundle;

import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.ndarray.BytesSupplier;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.ServingTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import com.google.gson.Gson;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * From the body of a request to the Classifications JSON of DJL Serving.
 *
 * <p>{@code serving.properties} names this class as {@code translator}. The body is an image file;
 * the response is {@code [{"className": …, "probability": …}, …]}, the most probable class first.
 */
public final class XrayTranslator implements ServingTranslator {

  private static final Gson GSON = new Gson();

  private @Nullable Manifest manifest;

  /** An element of the response, which DJL releases write in different forms. */
  private record ClassProbability(String className, double probability) {}

  @Override
  public void prepare(TranslatorContext context) throws IOException {
    manifest = Bundle.open(context.getModel().getModelPath()).manifest();
  }

  @Override
  public NDList processInput(TranslatorContext context, Input input) throws TranslateException {
    BytesSupplier body = input.getData();
    if (body == null) {
      throw new TranslateException(
          "Expected an image in the body of the request; found none. Send the bytes of a file.");
    }
    try {
      List<GrayImage> image =
          List.of(ImageDecoder.decode(body.getAsBytes(), manifest().data().windowNumber()));
      int side = manifest().input().side();
      return new NDList(ImageBatch.of(context.getNDManager(), image, side).squeeze(0));
    } catch (IOException e) {
      throw new TranslateException(e.getMessage(), e);
    }
  }

  @Override
  public Output processOutput(TranslatorContext context, NDList list) {
    Manifest m = manifest();
    double[] probabilities =
        LogitDecoder.probabilities(
            m.task(), list.singletonOrThrow().toFloatArray(), m.temperature());
    List<ClassProbability> prediction =
        IntStream.range(0, probabilities.length)
            .mapToObj(i -> new ClassProbability(m.classes().get(i), probabilities[i]))
            .sorted(Comparator.comparingDouble(ClassProbability::probability).reversed())
            .toList();
    Output output = new Output(200, "OK");
    output.addProperty("Content-Type", "application/json");
    output.add(BytesSupplier.wrap(GSON.toJson(prediction)));
    return output;
  }

  private Manifest manifest() {
    return Objects.requireNonNull(manifest, "prepare() comes first");
  }

  @Override
  public Batchifier getBatchifier() {
    return Batchifier.STACK;
  }

  /** Ignores them: the bundle holds everything. */
  @Override
  public void setArguments(Map<String, ?> arguments) {}
}
