package dev.cxr.serve.http;

import java.util.Locale;

/** What a path asks for; the path itself, which a client makes up, is in no metric. */
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
