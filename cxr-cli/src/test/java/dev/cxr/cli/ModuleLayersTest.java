package dev.cxr.cli;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Checks the structure of all modules. It is in the module that Maven builds last. */
class ModuleLayersTest {

  private static final List<String> MODULES =
      List.of("common", "data", "models", "eval", "reproduction", "train", "serve", "cli");

  private static JavaClasses classes;

  @BeforeAll
  static void importClasses() {
    Stream<Path> folders =
        MODULES.stream().map(module -> Path.of("..", "cxr-" + module, "target", "classes"));
    classes = new ClassFileImporter().importPaths(folders.toList());
  }

  @Test
  void everyModuleIsImported() {
    assertThat(MODULES).allMatch(module -> classes.containPackage("dev.cxr." + module));
  }

  @Test
  void modulesDependOnlyOnLowerLayers() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("common")
        .definedBy("dev.cxr.common..")
        .layer("data")
        .definedBy("dev.cxr.data..")
        .layer("models")
        .definedBy("dev.cxr.models..")
        .layer("eval")
        .definedBy("dev.cxr.eval..")
        .layer("reproduction")
        .definedBy("dev.cxr.reproduction..")
        .layer("train")
        .definedBy("dev.cxr.train..")
        .layer("serve")
        .definedBy("dev.cxr.serve..")
        .layer("cli")
        .definedBy("dev.cxr.cli..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("reproduction")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("train")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("serve")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("eval")
        .mayOnlyBeAccessedByLayers("reproduction", "train", "serve", "cli")
        .whereLayer("models")
        .mayOnlyBeAccessedByLayers("eval", "reproduction", "train", "serve", "cli")
        .whereLayer("data")
        .mayOnlyBeAccessedByLayers("models", "eval", "reproduction", "train", "serve", "cli")
        .check(classes);
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching("dev.cxr.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void classesOfOnePackageAreFreeOfCycles() {
    List<String> cycles =
        packages().stream()
            .map(
                name ->
                    slices()
                        .assignedFrom(new TopLevelClasses(name))
                        .should()
                        .beFreeOfCycles()
                        .evaluate(classes))
            .flatMap(result -> result.getFailureReport().getDetails().stream())
            .toList();
    assertThat(cycles).isEmpty();
  }

  @Test
  void publicTypesHaveDistinctNames() {
    Map<String, Set<String>> names = new TreeMap<>();
    for (JavaClass type : classes) {
      if (type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC)) {
        names.computeIfAbsent(type.getSimpleName(), name -> new TreeSet<>()).add(type.getName());
      }
    }
    // Each module has one entry point for exec:java.
    names.remove("Main");
    assertThat(names.values()).allSatisfy(types -> assertThat(types).hasSize(1));
  }

  private static Set<String> packages() {
    return classes.stream()
        .map(JavaClass::getPackageName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** One slice for each top-level class of a package, nested classes included. */
  private record TopLevelClasses(String packageName) implements SliceAssignment {

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      if (!type.getPackageName().equals(packageName)) {
        return SliceIdentifier.ignore();
      }
      JavaClass top = type;
      while (top.getEnclosingClass().isPresent()) {
        top = top.getEnclosingClass().get();
      }
      return SliceIdentifier.of(top.getSimpleName());
    }

    @Override
    public String getDescription() {
      return "the classes of " + packageName;
    }
  }
}
