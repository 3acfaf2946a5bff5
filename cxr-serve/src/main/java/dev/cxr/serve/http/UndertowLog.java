package dev.cxr.serve.http;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/**
 * Passes warnings of Undertow and XNIO to the log of the program, without stack traces, and the
 * same one not more than once in ten seconds: under a flood each connection can cause one.
 */
public final class UndertowLog extends Handler {

  /** Strongly referenced: Java forgets the settings of loggers that nobody holds. */
  private static final List<Logger> LOGGERS =
      List.of(Logger.getLogger("org.xnio"), Logger.getLogger("io.undertow"));

  /** By the text before its arguments are filled in, of which there are few. */
  private final Map<String, RepeatedMessage> messages = new ConcurrentHashMap<>();

  private final SimpleFormatter formatter = new SimpleFormatter();

  private UndertowLog() {}

  /** Installs it for the process: call it before the first use of Undertow. */
  public static void install() {
    System.setProperty("org.jboss.logging.provider", "jdk");
    UndertowLog handler = new UndertowLog();
    for (Logger logger : LOGGERS) {
      logger.setLevel(java.util.logging.Level.WARNING);
      logger.setUseParentHandlers(false);
      logger.addHandler(handler);
    }
  }

  @Override
  public void publish(LogRecord record) {
    String text = formatter.formatMessage(record);
    Throwable thrown = record.getThrown();
    messages
        .computeIfAbsent(
            record.getLoggerName() + (thrown == null ? "" : thrown.getClass().getName()),
            key -> new RepeatedMessage(LoggerFactory.getLogger(record.getLoggerName())::warn))
        .log(thrown == null ? text : text + ": " + thrown);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
