package dev.cxr.models;

import java.io.IOException;
import java.nio.file.Path;
import java.security.Permission;

/** A program that embeds cxr: predicts an image and reports every connection that Java opens. */
@SuppressWarnings("removal") // no other hook sees every socket and every name lookup
final class EmbeddedProgram {

  private EmbeddedProgram() {}

  public static void main(String... arguments) throws IOException {
    System.setSecurityManager(
        new SecurityManager() {
          @Override
          public void checkConnect(String host, int port) {
            System.out.println("connection: " + host + ":" + port);
          }

          @Override
          public void checkPermission(Permission permission) {}
        });
    try (Classifier classifier = Classifier.load(Path.of(arguments[0]))) {
      System.out.println("decision: " + classifier.predict(Path.of(arguments[1])).decision());
    }
  }
}
