package dev.cxr.common.download;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.cli.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;

/** Sends GET requests and limits the time that a server may send nothing. */
final class DownloadClient {

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NORMAL) // a few, but never from https to http
          .connectTimeout(Duration.ofSeconds(20))
          .build();

  private final Duration idleTimeout;

  DownloadClient(Duration idleTimeout) {
    this.idleTimeout = idleTimeout;
  }

  /**
   * Requests a file.
   *
   * @param headers sent with every redirect too
   * @throws RetryableException if there is no connection or no response
   * @throws UserErrorException if a redirect is invalid or the server cannot be trusted
   */
  DownloadResponse get(URI uri, Map<String, String> headers) throws RetryableException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("User-Agent", "cxr/" + Version.number())
            .header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    // HttpRequest.timeout covers the headers only, or from Java 26 the whole body.
    try {
      return new DownloadResponse(
          await(client.sendAsync(request.build(), BodyHandlers.ofInputStream())));
    } catch (TimeoutException e) {
      throw new RetryableException(
          "%s has not answered for %d s".formatted(uri.getHost(), idleTimeout.toSeconds()));
    } catch (ExecutionException e) {
      throw toRetryable(uri, e.getCause() == null ? e : e.getCause());
    }
  }

  /**
   * Reads the next bytes of a response.
   *
   * @return how many, or -1 at its end
   * @throws RetryableException if the connection breaks or the server sends nothing
   */
  int read(InputStream body, byte[] buffer) throws RetryableException {
    try {
      return await(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return body.read(buffer);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }));
    } catch (TimeoutException e) {
      throw new RetryableException(
          "The server has sent nothing for %d s".formatted(idleTimeout.toSeconds()));
    } catch (ExecutionException e) {
      throw new RetryableException("The connection broke (%s)".formatted(e.getCause()));
    }
  }

  private <T> T await(Future<T> result) throws TimeoutException, ExecutionException {
    try {
      return result.get(idleTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while downloading", e);
    } finally {
      result.cancel(true);
    }
  }

  private static RetryableException toRetryable(URI uri, Throwable failure) {
    String host = uri.getHost();
    if (failure instanceof SSLHandshakeException) {
      throw UserErrorException.of(
          "a server with a certificate that Java trusts",
          "none at %s (%s)".formatted(host, failure.getMessage()),
          "If a proxy inspects https, give Java its certificate with"
              + " -Djavax.net.ssl.trustStore=FILE.");
    }
    if (Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .anyMatch(UnresolvedAddressException.class::isInstance)) {
      return new RetryableException("The name %s cannot be resolved".formatted(host));
    }
    if (failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException) {
      return new RetryableException("Could not connect to %s".formatted(host));
    }
    if (failure instanceof IOException) {
      return new RetryableException(
          "The connection to %s broke (%s)".formatted(host, failure.getMessage()));
    }
    throw UserErrorException.of(
        "a file, or a redirect to an http or https URL",
        "an invalid redirect at " + RemoteFile.redacted(uri),
        "Look up the present URL of the file in a browser.");
  }
}
