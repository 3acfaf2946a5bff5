package dev.cxr.serve.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.Protocols;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The hosts that clients may name in {@code Host}: addresses of this machine, {@code localhost} and
 * names that the user gave. A web page that makes its own name resolve to this machine would
 * otherwise have a browser send requests and could read the responses.
 */
final class AllowedHosts {

  /** Anything else could be a name, which would be looked up. */
  private static final Pattern IP_ADDRESS =
      Pattern.compile(
          "((25[0-5]|2[0-4]\\d|1\\d\\d|\\d?\\d)(\\.(?!$)|$)){4}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private final Set<String> names = new HashSet<>(Set.of("localhost"));
  private final Set<InetAddress> addresses = new HashSet<>();

  /**
   * Allows an address and names.
   *
   * @param address that the server listens on; if it is not a loopback address, all addresses of
   *     this machine are allowed
   * @param allowedHosts names or addresses, without port
   * @throws SocketException if the addresses of this machine cannot be listed
   */
  AllowedHosts(InetAddress address, Collection<String> allowedHosts) throws SocketException {
    addresses.add(address);
    if (!address.isLoopbackAddress()) {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .forEach(addresses::add);
    }
    for (String host : allowedHosts) {
      parse(host).ifPresentOrElse(addresses::add, () -> names.add(normalize(host)));
    }
  }

  /** Whether a request names an allowed host; the port is ignored. */
  boolean allows(HttpServerExchange exchange) {
    HeaderValues hosts = exchange.getRequestHeaders().get(Headers.HOST);
    if (hosts == null) {
      return exchange.getProtocol().equals(Protocols.HTTP_1_0); // has no such header
    }
    return hosts.size() == 1 && allows(hosts.getFirst());
  }

  boolean allows(String hostAndPort) {
    String host = withoutPort(hostAndPort.strip());
    return parse(host)
        .map(address -> address.isLoopbackAddress() || addresses.contains(address))
        .orElseGet(() -> names.contains(normalize(host)));
  }

  private static String withoutPort(String host) {
    return host.replaceFirst("(?<=\\]|^[^:]{0,255}):\\d{0,5}$", "");
  }

  private static String normalize(String name) {
    return name.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
  }

  /** An IP address, of version 6 with or without brackets. */
  private static Optional<InetAddress> parse(String text) {
    String address = text.replaceFirst("^\\[(.*)\\]$", "$1");
    if (!IP_ADDRESS.matcher(address).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(address));
    } catch (UnknownHostException e) {
      return Optional.empty(); // such as 1::2::3
    }
  }
}
