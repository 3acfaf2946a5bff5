package dev.cxr.train.recipe;

/** Checks the values of recipes. */
final class RecipeChecks {

  private RecipeChecks() {}

  static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException("%s: %s, not %s".formatted(key, expected, found));
    }
  }
}
