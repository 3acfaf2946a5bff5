package dev.cxr.serve.support;

import com.google.gson.JsonArray;

/** Parses responses of prediction requests. */
public final class PredictionResponses {

  private PredictionResponses() {}

  /** The probability of a class, which must be in the response. */
  public static double probability(JsonArray response, String className) {
    return response.asList().stream()
        .map(element -> element.getAsJsonObject())
        .filter(element -> element.get("className").getAsString().equals(className))
        .findFirst()
        .orElseThrow()
        .get("probability")
        .getAsDouble();
  }
}
