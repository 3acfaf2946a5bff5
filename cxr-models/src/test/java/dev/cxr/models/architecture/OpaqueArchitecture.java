package dev.cxr.models.architecture;

import ai.djl.basicmodelzoo.basic.Mlp;

/** A user's architecture whose block cannot be taken apart, so that Grad-CAM cannot explain it. */
public final class OpaqueArchitecture implements Architecture {

  @Override
  public String id() {
    return "test-opaque";
  }

  @Override
  public String summary() {
    return "a multilayer perceptron, for tests";
  }

  @Override
  public NetworkDefinition define(InputSpec input, int outputs) {
    int pixels = input.channels() * input.side() * input.side();
    return NetworkDefinition.of(new Mlp(pixels, outputs, new int[] {16}), input, outputs);
  }
}
