package dev.cxr.models.weights;

/** A malformed safetensors header: what was expected and what was found. */
final class MalformedHeaderException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String expected;
  private final String found;

  MalformedHeaderException(String expected, String found) {
    super("expected " + expected + ", found " + found);
    this.expected = expected;
    this.found = found;
  }

  String expected() {
    return expected;
  }

  String found() {
    return found;
  }
}
