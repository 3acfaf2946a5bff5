package dev.cxr.common.files;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Acquires a lock, says whether it could, and keeps it. */
final class LockHolder {

  private LockHolder() {}

  public static void main(String... arguments) throws IOException, InterruptedException {
    try (FileLock lock = FileLock.acquire(Path.of(arguments[0]))) {
      System.out.println("lock acquired " + lock.getClass().getSimpleName());
      new CountDownLatch(1).await();
    } catch (UserErrorException e) {
      System.out.println("lock refused " + e.getMessage());
    }
  }
}
