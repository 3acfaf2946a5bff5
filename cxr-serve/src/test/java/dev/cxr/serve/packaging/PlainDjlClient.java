package dev.cxr.serve.packaging;

import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads a model folder like DJL Serving, and prints the prediction for each image on a line, then
 * the predictions for all images as one batch. Runs in its own process, with DJL but without cxr.
 */
final class PlainDjlClient {

  private PlainDjlClient() {}

  public static void main(String... arguments) throws Exception {
    Criteria<Input, Output> criteria =
        Criteria.builder()
            .setTypes(Input.class, Output.class)
            .optModelUrls(Path.of(arguments[0]).toUri().toString())
            .optArgument("batchifier", "stack")
            .build();
    try (ZooModel<Input, Output> model = criteria.loadModel();
        Predictor<Input, Output> predictor = model.newPredictor()) {
      List<Input> all = new ArrayList<>();
      for (int i = 1; i < arguments.length; i++) {
        Input input = new Input();
        input.add("data", Files.readAllBytes(Path.of(arguments[i])));
        all.add(input);
        System.out.println(predictor.predict(input).getAsString(0));
      }
      for (Output output : predictor.batchPredict(all)) {
        System.out.println(output.getAsString(0));
      }
    }
  }
}
