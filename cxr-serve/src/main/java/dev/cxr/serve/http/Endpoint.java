package dev.cxr.serve.http;

import java.util.Locale;

/** Label of a request in the metrics, in place of the path, which clients choose freely. */
enum Endpoint {
  PAGE,
  PING,
  MODELS,
  BUNDLES,
  PREDICTION,
  METRICS,
  OPENAPI,
  OTHER;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
