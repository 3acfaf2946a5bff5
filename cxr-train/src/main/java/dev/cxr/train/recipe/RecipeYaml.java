package dev.cxr.train.recipe;

import dev.cxr.common.cli.UsageErrorException;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Recipes as YAML 1.2 with the core schema, which also reads .85 as a number. */
final class RecipeYaml {

  private RecipeYaml() {}

  static Object parse(String text, String source) {
    try {
      LoadSettings settings =
          LoadSettings.builder().setLabel(source).setSchema(new CoreSchema()).build();
      return new Load(settings).loadFromString(text);
    } catch (YamlEngineException e) {
      throw UsageErrorException.of(
          "YAML in " + source, "invalid YAML: " + e.getMessage(), "Correct it.");
    } catch (StackOverflowError e) { // the parser has no limit of its own
      throw UsageErrorException.of(
          "YAML in " + source, "lists or keys nested thousands deep", "Correct it.");
    }
  }

  static String write(Map<String, Object> values) {
    DumpSettings block = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
    return new Dump(block).dumpToString(values);
  }
}
