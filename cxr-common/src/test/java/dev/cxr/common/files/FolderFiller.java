package dev.cxr.common.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Fills a folder, tells so, and then waits for its end or fills on. */
final class FolderFiller {

  private FolderFiller() {}

  public static void main(String... arguments) throws IOException, InterruptedException {
    try (AtomicFolder folder = AtomicFolder.create(Path.of(arguments[0]))) {
      Path inner = Files.createDirectory(folder.path().resolve("inner"));
      for (int i = 0; ; i++) {
        Files.writeString(inner.resolve(i + ".txt"), "content");
        if (i == 500) {
          System.out.println("filling");
          if (arguments[1].equals("wait")) {
            new CountDownLatch(1).await();
          }
        }
      }
    }
  }
}
