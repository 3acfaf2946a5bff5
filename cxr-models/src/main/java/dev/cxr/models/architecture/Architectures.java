package dev.cxr.models.architecture;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The registry of architectures: the built-in ones, then those that jars on the class path provide.
 *
 * @since 0.1
 */
public final class Architectures {

  private static final String SERVICE_FILE = "META-INF/services/" + Architecture.class.getName();

  private static @Nullable Map<String, Architecture> registered;

  private Architectures() {}

  /**
   * Lists them, the built-in ones first.
   *
   * @return every architecture, each under its own name
   * @throws UserErrorException if a provided one does not load, or two have the same name
   */
  public static List<Architecture> all() {
    return List.copyOf(registered().values());
  }

  /**
   * Finds an architecture by name.
   *
   * @param id such as {@code binary-cnn}
   * @return the architecture, the same instance every time
   * @throws UserErrorException if there is none of that name; the message lists the names
   */
  public static Architecture forName(String id) {
    Architecture found = registered().get(id);
    if (found == null) {
      throw UsageErrorException.of(
          "an architecture of " + String.join(", ", registered().keySet()),
          "'" + id + "'",
          "Choose one of those, or put the jar that provides it on the class path.");
    }
    return found;
  }

  private static synchronized Map<String, Architecture> registered() {
    if (registered == null) {
      registered = load();
    }
    return registered;
  }

  private static Map<String, Architecture> load() {
    Map<String, Architecture> byName = new LinkedHashMap<>();
    for (Architecture builtIn : BuiltInArchitecture.values()) {
      byName.put(builtIn.id(), builtIn);
    }
    try {
      // Not the context class loader, which may read jars from the folder of a model.
      ServiceLoader.load(Architecture.class, Architectures.class.getClassLoader())
          .forEach(provided -> register(provided, byName));
    } catch (ServiceConfigurationError e) {
      throw UserErrorException.of(
          "architectures that load",
          String.valueOf(e.getMessage()),
          "Correct or remove the jar that provides it.");
    }
    return byName;
  }

  private static void register(Architecture provided, Map<String, Architecture> byName) {
    String id = provided.id();
    if (!id.matches("[a-z0-9-]{1,64}")) {
      throw UserErrorException.of(
          "an architecture name of 1 to 64 lower-case letters, digits and dashes",
          "'%s' of %s".formatted(id, provided.getClass().getName()),
          "Change what its id() returns.");
    }
    Architecture other = byName.putIfAbsent(id, provided);
    if (other != null) {
      throw UserErrorException.of(
          "architectures of different names",
          "'%s' of %s and of %s"
              .formatted(id, other.getClass().getName(), provided.getClass().getName()),
          "Rename one, or remove one of the jars that name it in " + SERVICE_FILE + ".");
    }
  }
}
