package dev.cxr.common.download;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.cli.Version;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;

/** GET, as a download needs it: few redirects, none of them out of https, no wait without end. */
final class DownloadClient {

  private static final int MAX_REDIRECTS = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final HttpClient client;
  private final RetryPolicy retryPolicy;

  DownloadClient(RetryPolicy retryPolicy) {
    this.retryPolicy = retryPolicy;
    // One plain connection: nothing of HTTP/2 helps a single file. The proxy is Java's own default.
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(20))
            .build();
  }

  /**
   * Asks for a file, with these headers at every hop.
   *
   * @throws RetryableException if there is no connection or no answer
   * @throws UserErrorException if a redirect leads nowhere or in a circle, or the server cannot be
   *     trusted
   */
  DownloadResponse get(URI uri, Map<String, String> headers) throws RetryableException {
    URI current = uri;
    for (int hops = 0; hops <= MAX_REDIRECTS; hops++) {
      DownloadResponse response = send(current, headers);
      if (!REDIRECTS.contains(response.status())) {
        return response;
      }
      response.close();
      current = WebAddress.resolveRedirect(current, response.headers().firstValue("Location"));
    }
    throw UserErrorException.of(
        "a file after at most %d redirects".formatted(MAX_REDIRECTS),
        "that %s leads on and on, at last to %s"
            .formatted(WebAddress.redacted(uri), WebAddress.redacted(current)),
        "Look in a browser what has become of it.");
  }

  private DownloadResponse send(URI at, Map<String, String> headers) throws RetryableException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at)
            .header("User-Agent", "cxr/" + Version.number())
            .header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    // The client's own timeout covers the headers only, or from Java 26 the whole body.
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> pending =
        client.sendAsync(request.build(), BodyHandlers.ofPublisher());
    try {
      var response = pending.get(retryPolicy.idleTimeout().toMillis(), TimeUnit.MILLISECONDS);
      ResponseBody body = new ResponseBody(retryPolicy.idleTimeout());
      response.body().subscribe(body);
      return new DownloadResponse(at, response.statusCode(), response.headers(), body);
    } catch (TimeoutException e) {
      pending.cancel(true);
      throw new RetryableException(
          "%s has not answered for %d s"
              .formatted(at.getHost(), retryPolicy.idleTimeout().toSeconds()));
    } catch (ExecutionException e) {
      throw toRetryable(at, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      pending.cancel(true);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + at.getHost(), e);
    }
  }

  private static RetryableException toRetryable(URI at, Throwable failure) {
    if (failure instanceof SSLHandshakeException) {
      throw UserErrorException.of(
          "a server with a certificate that Java trusts",
          "none at %s (%s)".formatted(at.getHost(), failure.getMessage()),
          "Where a proxy looks into https, give Java its certificate with"
              + " -Djavax.net.ssl.trustStore=FILE.");
    }
    if (Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .anyMatch(UnresolvedAddressException.class::isInstance)) {
      return new RetryableException("The name %s is not known here".formatted(at.getHost()));
    }
    if (failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException) {
      return new RetryableException("Could not connect to %s".formatted(at.getHost()));
    }
    if (failure instanceof IOException) {
      return new RetryableException(
          "The connection to %s broke (%s)".formatted(at.getHost(), failure.getMessage()));
    }
    throw new IllegalStateException("asking " + at.getHost() + " failed", failure);
  }
}
