package dev.cxr.data.download;

import dev.cxr.data.shell.Refusal;
import dev.cxr.data.shell.Version;
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
final class Http {

  private static final int MOST_REDIRECTS = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final HttpClient client;
  private final Patience patience;

  Http(Patience patience) {
    this.patience = patience;
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
   * @throws TryAgain if there is no connection or no answer
   * @throws Refusal if a redirect leads nowhere or in a circle, or the server cannot be trusted
   */
  Answer get(URI uri, Map<String, String> headers) throws TryAgain {
    URI at = uri;
    for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
      Answer answer = send(at, headers);
      if (!REDIRECTS.contains(answer.status())) {
        return answer;
      }
      answer.close();
      at = WebAddress.redirected(at, answer.headers().firstValue("Location"));
    }
    throw Refusal.of(
        "a file after at most %d redirects".formatted(MOST_REDIRECTS),
        "that %s leads on and on, at last to %s"
            .formatted(WebAddress.shown(uri), WebAddress.shown(at)),
        "Look in a browser what has become of it.");
  }

  private Answer send(URI at, Map<String, String> headers) throws TryAgain {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at)
            .header("User-Agent", "cxr/" + Version.number())
            .header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    // The client's own timeout covers the headers only, or from Java 26 the whole body.
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> coming =
        client.sendAsync(request.build(), BodyHandlers.ofPublisher());
    try {
      var response = coming.get(patience.silence().toMillis(), TimeUnit.MILLISECONDS);
      Body body = new Body(patience.silence());
      response.body().subscribe(body);
      return new Answer(at, response.statusCode(), response.headers(), body);
    } catch (TimeoutException e) {
      coming.cancel(true);
      throw new TryAgain(
          "%s has not answered for %d s".formatted(at.getHost(), patience.silence().toSeconds()));
    } catch (ExecutionException e) {
      throw whyNot(at, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      coming.cancel(true);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + at.getHost(), e);
    }
  }

  private static TryAgain whyNot(URI at, Throwable failure) {
    if (failure instanceof SSLHandshakeException) {
      throw Refusal.of(
          "a server with a certificate that Java trusts",
          "none at %s (%s)".formatted(at.getHost(), failure.getMessage()),
          "Where a proxy looks into https, give Java its certificate with"
              + " -Djavax.net.ssl.trustStore=FILE.");
    }
    if (Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .anyMatch(UnresolvedAddressException.class::isInstance)) {
      return new TryAgain("The name %s is not known here".formatted(at.getHost()));
    }
    if (failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException) {
      return new TryAgain("Could not connect to %s".formatted(at.getHost()));
    }
    if (failure instanceof IOException) {
      return new TryAgain(
          "The connection to %s broke (%s)".formatted(at.getHost(), failure.getMessage()));
    }
    throw new IllegalStateException("asking " + at.getHost() + " failed", failure);
  }
}
