package dev.cxr.serve.support;

import com.google.gson.JsonArray;

/** What servers answer, taken apart. */
public final class PredictionResponses {

  private PredictionResponses() {}

  /** The probability of a class in an answer, which must name it. */
  public static double probability(JsonArray answer, String className) {
    return answer.asList().stream()
        .map(element -> element.getAsJsonObject())
        .filter(element -> element.get("className").getAsString().equals(className))
        .findFirst()
        .orElseThrow()
        .get("probability")
        .getAsDouble();
  }
}
