package dev.cxr.data.download;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.testing.Captured;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTest extends AtAServer {

  @Test
  void aBrokenConnectionGoesOnAfterTheLastByte() throws Exception {
    server.next(server.cutAfter(100_000));
    Captured<Boolean> run = fetch();
    assertArrived(content);
    assertThat(server.asked()).hasSize(2);
    FileServer.Asked second = server.asked().get(1);
    long start = Long.parseLong(second.header("Range").orElseThrow().replaceAll("\\D", ""));
    assertThat(start).isBetween(1L, 100_000L);
    assertThat(second.header("If-range")).contains("\"first\"");
    assertThat(run.out()).contains("The connection broke").contains("continuing after 0.1 MB");
  }

  @Test
  void aLaterCallGoesOnAfterTheLastByteOfAnEarlierOne() throws Exception {
    leavePart(100_000);
    fetch();
    assertArrived(content);
    assertThat(server.asked().get(0).header("Range")).contains("bytes=100000-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ETag", "Last-Modified"})
  void anotherEditionOnTheServerIsFetchedFromItsBeginning(String header) throws Exception {
    byte[] other = bytes(2);
    server.has(content, edition(header, 1)).next(server.cutAfter(100_000));
    server.next(
        exchange -> {
          server.has(other, edition(header, 2));
          server.serve(exchange);
        });
    Captured<Boolean> run = fetch(file(other));
    assertArrived(other);
    assertThat(server.asked().get(1).header("If-range")).isEqualTo(only(edition(header, 1)));
    assertThat(run.out()).contains("The server starts over");
  }

  @Test
  void anotherEditionThatAServerGoesOnWithAllTheSameIsFetchedFromItsBeginning() throws Exception {
    byte[] other = bytes(2);
    leavePart(100_000);
    server.has(other, Map.of("ETag", "\"second\"")).next(server.partFrom(100_000));
    fetch(file(other));
    assertArrived(other);
    assertThat(server.asked()).hasSize(2);
    assertThat(server.asked().get(1).header("Range")).isEmpty();
  }

  @Test
  void aServerThatRepeatsNoLastModifiedIsGoneOnWith() throws Exception {
    String date = "Wed, 21 Oct 2015 07:28:00 GMT";
    leavePart(100_000);
    writeOrigin(server.uri("/a.bin") + "\n" + date + "\n");
    server.has(content, Map.of()).next(server.partFrom(100_000));
    fetch();
    assertArrived(content);
    assertThat(server.asked()).hasSize(1);
    assertThat(server.asked().get(0).header("If-range")).contains(date);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "nothing at all",
        "http://127.0.0.1:1/other.bin\n\"first\"\n",
        "URI\n",
        "URI\nW/\"weak\"\n",
        "URI\n\"first\"\nand more\n",
        "URI\n\"fir\u0007st\"\n",
      })
  void aPartOfUnknownOriginIsBegunAnew(String origin) throws Exception {
    leavePart(100_000);
    writeOrigin(origin.replace("URI", server.uri("/a.bin").toString()));
    Captured<Boolean> run = fetch();
    assertArrived(content);
    assertThat(server.asked()).hasSize(1);
    assertThat(server.asked().get(0).header("Range")).isEmpty();
    assertThat(run.out()).contains("cannot be continued: starting over");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "W/\"weak\"", "\"with \u00e9\""})
  void aServerThatTellsNoEditionsApartIsNotGoneOnWith(String tag) throws Exception {
    server.has(content, tag.isEmpty() ? Map.of() : Map.of("ETag", tag));
    server.next(server.cutAfter(100_000));
    fetch();
    assertArrived(content);
    assertThat(server.asked()).hasSize(2);
    assertThat(server.asked().get(1).header("Range")).isEmpty();
  }

  @Test
  void partsOfTwoFilesAreNeverJoined() throws Exception {
    leavePart(100_000);
    byte[] other = bytes(2);
    server.has(other, Map.of("ETag", "\"first\"")); // the same tag: a server that lies
    assertRefused(file(other), sum(other).toString(), "removed");
    assertThat(folder).isEmptyDirectory();
    fetch(file(other));
    assertArrived(other);
  }

  @Test
  void aRefusalKeepsWhatHasComeBefore() throws Exception {
    leavePart(100_000);
    server.next(FileServer.status(403));
    assertRefused(file(content), "HTTP status 403");
    fetch();
    assertArrived(content);
    assertThat(server.asked().get(1).header("Range")).contains("bytes=100000-");
  }

  @Test
  void aBrokenConnectionMayBreakAsOftenAsItBringsSomething() throws Exception {
    for (int i = 1; i <= 8; i++) {
      int end = i * 30_000;
      server.next(server.rangeUpTo(end));
    }
    fetch();
    assertArrived(content);
    assertThat(server.asked()).hasSize(9);
  }

  @Test
  void aSilentServerIsGoneOnWithLater() throws Exception {
    patience = IMPATIENT;
    server.next(server.silentAfter(100_000));
    Captured<Boolean> run = fetch();
    assertArrived(content);
    assertThat(run.out()).contains("The server has sent nothing for");
    assertThat(server.asked().get(1).header("Range")).isPresent();
  }

  @Test
  void aRangeThatBeginsElsewhereIsNotJoinedOn() throws Exception {
    leavePart(100_000);
    server.next(server.partFrom(99_999));
    Captured<Boolean> run = fetch();
    assertArrived(content);
    assertThat(run.out()).contains("continued elsewhere than asked");
    assertThat(server.asked().get(1).header("Range")).isEmpty();
  }

  @Test
  void aPartThatIsLongerThanTheFileIsBegunAnew() throws Exception {
    Files.write(folder.resolve("a.bin.part"), new byte[SIZE + 1]);
    writeOrigin(server.uri("/a.bin") + "\n\"first\"\n");
    fetch();
    assertArrived(content);
  }

  @Test
  void aPartThatIsWholeNeedsNoServer() throws Exception {
    leavePart(SIZE);
    fetch();
    assertArrived(content);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void withoutAPublishedSizeTheServersWordIsTaken() throws Exception {
    server.next(server.cutAfter(100_000));
    fetch(ofUnknownSize());
    assertArrived(content);
    assertThat(server.asked().get(1).header("Range")).isPresent();
  }

  @Test
  void withoutAPublishedSizeTheServerTellsThatThePartIsWhole() throws Exception {
    leavePart(SIZE);
    fetch(ofUnknownSize());
    assertArrived(content);
    assertThat(server.asked()).hasSize(1);
  }

  private static Map<String, String> edition(String header, int number) {
    return Map.of(
        header,
        header.equals("ETag")
            ? "\"edition-" + number + "\""
            : "Wed, 2" + number + " Oct 2015 07:28:00 GMT");
  }

  private static Optional<String> only(Map<String, String> headers) {
    return headers.values().stream().findFirst();
  }
}
