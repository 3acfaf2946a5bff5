package dev.cxr.serve;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The modules are floors: each stands only on those below, and no two packages lean on each other.
 * Stands in the last module to be built, so that all others are there to be read.
 */
class ModuleLayersTest {

  private static final List<String> MODULES = List.of("data", "models", "eval", "train", "serve");

  private static JavaClasses classes;

  @BeforeAll
  static void importClasses() {
    Stream<Path> folders =
        MODULES.stream().map(module -> Path.of("..", "cxr-" + module, "target", "classes"));
    classes = new ClassFileImporter().importPaths(folders.toList());
  }

  @Test
  void everyModuleIsImported() {
    for (String module : MODULES) {
      assertThat(classes.contain("dev.cxr." + module + ".Main")).as(module).isTrue();
    }
  }

  @Test
  void modulesDependOnlyOnLowerLayers() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("data")
        .definedBy("dev.cxr.data..")
        .layer("models")
        .definedBy("dev.cxr.models..")
        .layer("eval")
        .definedBy("dev.cxr.eval..")
        .layer("train")
        .definedBy("dev.cxr.train..")
        .layer("serve")
        .definedBy("dev.cxr.serve..")
        .whereLayer("train")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("serve")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("eval")
        .mayOnlyBeAccessedByLayers("train", "serve")
        .whereLayer("models")
        .mayOnlyBeAccessedByLayers("eval", "train", "serve")
        .check(classes);
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching("dev.cxr.(**)").should().beFreeOfCycles().check(classes);
  }
}
