package dev.cxr.models.architecture;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a published network is made of and what it computes when {@link DeterministicFill} fills it,
 * as PyTorch 1.13 and torchvision 0.14 found it.
 */
public record PublishedReference(
    List<Long> inputShape,
    List<Long> featureMapShape,
    long trainableParametersWithoutHead,
    int tensorCount,
    List<Tensor> parameters,
    PooledFeatures pooledFeatures) {

  private static final Gson GSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .create();

  /** A tensor of the published weights. */
  public record Tensor(String name, List<Long> shape) {}

  /** Globally average-pooled features of two pictures. */
  public record PooledFeatures(
      List<Long> shape,
      double mean,
      double std,
      double l2,
      @SerializedName("row0_first32") List<Double> firstRowHead,
      @SerializedName("row1_last32") @Nullable List<Double> lastRowTail) {}

  /** That of torchvision's or timm's name. */
  public static PublishedReference of(String name) {
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(PublishedReference.class.getResourceAsStream(name + ".json")),
            StandardCharsets.UTF_8)) {
      return GSON.fromJson(reader, PublishedReference.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every tensor's shape by its name. */
  Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    parameters.forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
    return shapes;
  }
}
