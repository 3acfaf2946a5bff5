package dev.cxr.serve.cli;

import dev.cxr.models.bundle.Bundle;
import dev.cxr.serve.packaging.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Packages a bundle for DJL Serving. */
@Command(
    name = "package",
    description = {
      "Package a bundle for DJL Serving, which then needs no installation of cxr.",
      "The bundle's files are included unchanged. The same bundle gives the same bytes."
    })
public final class PackageCommand implements Callable<Integer> {

  /** The model folder of the published Docker image. */
  private static final String CONTAINER_MODEL_FOLDER = "/opt/ml/model";

  private static final String DOCKER_IMAGE = "deepjavalibrary/djl-serving:0.36.0-cpu";

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The bundle folder, as printed at the end of training.")
  private Path bundleFolder = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE.zip|FILE.tar.gz|DIR",
      description = "The package to write (default: NAME-ID.zip).")
  private Optional<Path> out = Optional.empty();

  @Override
  public Integer call() throws IOException {
    Bundle bundle = Bundle.open(bundleFolder);
    Path target = out.orElse(Path.of(ModelPackage.fileName(bundle)));
    ModelPackage.write(bundle, target);
    Path file = target.toAbsolutePath().normalize();
    String name = bundle.manifest().name();
    System.out.printf("Packaged %s (bundle %s) as %s%n", name, bundle.id(), target);
    if (!target.getFileName().toString().contains(bundle.id())) {
      System.out.printf(
          "Note: DJL Serving caches packages by URL. Give each version its own file name, such as"
              + " %s.%n",
          ModelPackage.fileName(bundle));
    }
    System.out.printf(
        """

        Run it in the Docker image of DJL Serving, on this machine only:
          docker run --rm -p 127.0.0.1:8080:8080 -v "%s:%s/%s:ro" \\
            %s djl-serving -m "%s:%s:PyTorch=file:%s/%s"
        Predict an image:
          curl -T IMAGE.jpeg -X POST http://127.0.0.1:8080/predictions/%s
        """,
        file,
        CONTAINER_MODEL_FOLDER,
        file.getFileName(),
        DOCKER_IMAGE,
        name,
        bundle.id(),
        CONTAINER_MODEL_FOLDER,
        file.getFileName(),
        name);
    return 0;
  }
}
