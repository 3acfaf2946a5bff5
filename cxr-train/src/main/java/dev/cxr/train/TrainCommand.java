package dev.cxr.train;

import ai.djl.translate.TranslateException;
import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.files.AtomicFolder;
import dev.cxr.data.shell.EngineCommand;
import dev.cxr.eval.ReportText;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains. */
@Command(
    name = "train",
    description =
        "Train a recipe on a collection until the validation loss no longer falls, and write the"
            + " best epoch's model as a bundle.")
final class TrainCommand implements EngineCommand {

  @Mixin private RecipeOptions options = new RecipeOptions();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder to make (default: the next free runs/RECIPE-NNN).")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException, TranslateException {
    Recipes.Resolved recipe = options.recipe();
    String name = recipe.recipe().name();
    Path target = out != null ? out : AtomicFolder.nextFree(Path.of("runs", name));
    Catalogue catalogue = options.open(recipe.recipe());
    System.out.printf("Training %s on %s into %s%n", name, options.data(), target);
    Run.Outcome outcome = Run.train(recipe, catalogue, target);

    System.out.printf("%nValidation, which chose epoch and threshold:%n%n");
    System.out.println(
        ReportText.of(
            outcome.validation(), recipe.recipe().task(), outcome.threshold().chosenBy()));
    Path bundle = target.resolve(Run.BUNDLE);
    System.out.println("Bundle: " + bundle);
    System.out.println("Curves: " + target.resolve("curves.png"));
    boolean synthetic = outcome.data().synthetic();
    System.out.printf(
        "Next:   mvn -q -pl cxr-eval exec:java -Dexec.args=\"evaluate --bundle %s%s\"%n",
        bundle, synthetic ? "" : " --data " + options.data());
    if (synthetic) {
      System.out.println(
          "This was the built-in synthetic sample: it shows that the software works, nothing about"
              + " medicine.");
    }
    System.out.println("Research software, not a medical device.");
    return 0;
  }
}
