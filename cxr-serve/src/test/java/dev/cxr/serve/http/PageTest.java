package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.data.index.Task;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.TestImages;
import dev.cxr.serve.support.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The page in a real browser. Needs {@code chromium} and {@code chromedriver} on the PATH (Debian's
 * packages chromium and chromium-driver); without them it is skipped.
 *
 * <p>With {@code -Dcxr.screenshots=DIR} it writes screenshots of every state there.
 */
class PageTest {

  private static TestServer server;
  private static ChromeDriver browser;
  private static Path files;

  @BeforeAll
  static void start(@TempDir Path scratch) throws Exception {
    Optional<Path> chromium = findOnPath("chromium");
    Optional<Path> driver = findOnPath("chromedriver");
    assumeTrue(chromium.isPresent() && driver.isPresent(), "no chromium and chromedriver");
    files = Files.createDirectories(scratch.resolve("files"));
    Files.write(files.resolve("first.jpeg"), TestImages.jpeg(0));
    Files.write(files.resolve("second.png"), TestImages.png(1));
    Files.write(files.resolve("third.dcm"), TestImages.dicom(2));
    Files.writeString(files.resolve("=bad,name.png"), "not an image");
    server =
        TestServer.start(
            scratch,
            RandomBundle.SMALL,
            RandomBundle.SMALL.withName("three").withTask(Task.THREE_CLASS).nonSynthetic());
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.get().toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage");
    options.setExperimentalOption(
        "prefs", Map.of("download.default_directory", scratch.resolve("downloads").toString()));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(driver.get().toFile())
            .usingAnyFreePort()
            .build();
    browser = new ChromeDriver(service, options);
  }

  private static Optional<Path> findOnPath(String program) {
    return Pattern.compile(":")
        .splitAsStream(System.getenv().getOrDefault("PATH", ""))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.quit();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open() {
    browser.manage().window().setSize(new Dimension(1100, 900));
    browser.get(server.url("/").toString());
    await(() -> !element("#facts").getText().isEmpty());
  }

  /** No test may leave an error in the console or a request to another server. */
  @AfterEach
  void assertNoErrorsAndNoExternalRequests() {
    List<LogEntry> console = browser.manage().logs().get(LogType.BROWSER).getAll();
    assertThat(console)
        .filteredOn(entry -> !entry.getMessage().contains("400 (Bad Request)"))
        .isEmpty();
    String own = server.url("/").toString();
    for (LogEntry entry : browser.manage().logs().get(LogType.PERFORMANCE)) {
      JsonObject message =
          JsonParser.parseString(entry.getMessage()).getAsJsonObject().getAsJsonObject("message");
      if (message.get("method").getAsString().equals("Network.requestWillBeSent")) {
        String url =
            message.getAsJsonObject("params").getAsJsonObject("request").get("url").getAsString();
        assertThat(url)
            .satisfiesAnyOf(
                u -> assertThat(u).startsWith(own),
                u -> assertThat(u).startsWith("data:"),
                u -> assertThat(u).startsWith("blob:"));
      }
    }
  }

  private static WebElement element(String selector) {
    return browser.findElement(By.cssSelector(selector));
  }

  private static List<WebElement> elements(String selector) {
    return browser.findElements(By.cssSelector(selector));
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("still waiting").isLessThan(end);
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void choose(String... names) {
    element("#files")
        .sendKeys(
            Stream.of(names)
                .map(name -> files.resolve(name).toString())
                .collect(Collectors.joining("\n")));
  }

  private static void awaitResults(int count) {
    await(() -> elements(".card.waiting").isEmpty() && elements(".card").size() == count);
  }

  private static void screenshot(String name) throws Exception {
    String folder = System.getProperty("cxr.screenshots");
    if (folder != null) {
      Files.createDirectories(Path.of(folder));
      Files.write(Path.of(folder, name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }
  }

  @Test
  void showsNoticeAndSyntheticWarning() throws Exception {
    assertThat(element("header").getText())
        .contains("Research software, not a medical device")
        .contains("synthetic sample");
    assertThat(element("#predictions").isDisplayed()).isFalse();
    screenshot("empty");
    element("#model").sendKeys("three");
    assertThat(element("header").getText()).doesNotContain("synthetic sample");
  }

  @Test
  void imageShowsDecisionProbabilityThresholdAndHeatmap() throws Exception {
    choose("first.jpeg");
    awaitResults(1);
    WebElement card = element(".card");
    assertThat(card.findElement(By.cssSelector(".decision")).getText()).isIn("NORMAL", "PNEUMONIA");
    assertThat(card.findElement(By.cssSelector(".probability")).getText())
        .matches("Probability of PNEUMONIA [01]\\.\\d{3}");
    assertThat(card.findElement(By.cssSelector(".threshold")).getText())
        .isEqualTo("threshold 0.500");
    assertThat(style(".mark", "left")).isEqualTo("50%");
    assertThat(card.findElement(By.cssSelector(".gauge")).getDomAttribute("aria-label"))
        .matches("Probability of PNEUMONIA [01]\\.\\d{3}; threshold 0\\.500");
    assertThat(card.findElement(By.cssSelector(".xray")).getDomAttribute("alt"))
        .isEqualTo("X-ray first.jpeg");
    assertThat(isLoaded(".xray")).isTrue();
    assertThat(isLoaded(".heat")).isTrue();
    assertThat(element("#status").getText()).isEqualTo("1 of 1 image predicted.");
    screenshot("one");
  }

  private static Object script(String script, Object... arguments) {
    return Objects.requireNonNull(browser.executeScript(script, arguments));
  }

  private static Object style(String selector, String property) {
    return script(
        "return document.querySelector(arguments[0]).style[arguments[1]]", selector, property);
  }

  private static boolean isLoaded(String selector) {
    return (Boolean)
        script(
            "const i = document.querySelector(arguments[0]);"
                + " return i.complete && i.naturalWidth > 0",
            selector);
  }

  @Test
  void severalImagesAndAnInvalidOneGetTheirOwnResults() throws Exception {
    choose("first.jpeg", "second.png", "third.dcm", "=bad,name.png");
    awaitResults(4);
    assertThat(elements(".card h3"))
        .extracting(WebElement::getText)
        .containsExactly("first.jpeg", "second.png", "third.dcm", "=bad,name.png");
    assertThat(elements(".card.failed")).hasSize(1);
    assertThat(element(".card.failed").getText()).contains("No prediction", "found text");
    assertThat(element("#status").getText()).isEqualTo("3 of 4 images predicted, 1 failed.");
    assertThat(element("#status").getDomAttribute("role")).isEqualTo("status");
    screenshot("many");
    browser.manage().window().setSize(new Dimension(400, 900));
    assertThat(scrollWidth()).as("nothing overflows").isLessThanOrEqualTo(400);
    screenshot("narrow");
    browser.manage().window().setSize(new Dimension(1100, 900));
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
    screenshot("dark");
    browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
  }

  private static long scrollWidth() {
    return (Long) script("return document.documentElement.scrollWidth");
  }

  @Test
  void sliderChangesHeatmapOpacityByKeyboard() throws Exception {
    choose("first.jpeg");
    awaitResults(1);
    WebElement slider = element("#heat");
    slider.sendKeys(Keys.HOME);
    assertThat(opacity()).isEqualTo("0");
    screenshot("slider-off");
    slider.sendKeys(Keys.END);
    assertThat(opacity()).isEqualTo("1");
    assertThat(element("#heat-value").getText()).isEqualTo("100 %");
    screenshot("slider-on");
  }

  private static Object opacity() {
    return script("return getComputedStyle(document.querySelector('.heat')).opacity");
  }

  @Test
  void controlsAreReachableByKeyboardInOrder() {
    choose("first.jpeg");
    awaitResults(1);
    browser.executeScript("document.activeElement.blur(); window.scrollTo(0, 0)");
    List<String> ids =
        Stream.generate(
                () -> {
                  new Actions(browser).sendKeys(Keys.TAB).perform();
                  WebElement active = browser.switchTo().activeElement();
                  return Optional.ofNullable(active.getDomAttribute("id")).orElse("");
                })
            .limit(6)
            .toList();
    assertThat(ids).containsSubsequence("model", "files", "heat", "csv", "clear");
  }

  @Test
  void everyControlHasAnAccessibleName() {
    choose("first.jpeg");
    awaitResults(1);
    for (WebElement control : elements("select, input, button, a")) {
      assertThat(control.getAccessibleName()).as(control.getTagName()).isNotBlank();
    }
    assertThat(element("html").getDomAttribute("lang")).isEqualTo("en");
    assertThat(elements("h1")).hasSize(1);
  }

  @Test
  void csvHasEveryResultAndNoFormulas() {
    choose("first.jpeg", "=bad,name.png");
    awaitResults(2);
    browser.executeScript(
        "window.made = []; const make = URL.createObjectURL;"
            + " URL.createObjectURL = blob => { window.made.push(blob); return make(blob); }");
    element("#csv").click();
    Object csv =
        Objects.requireNonNull(
            browser.executeAsyncScript(
                "const done = arguments[0]; window.made[0].text().then(done)"));
    List<String> lines = csv.toString().lines().toList();
    assertThat(lines.get(0))
        .isEqualTo(
            "file,model,bundle,p_NORMAL,p_PNEUMONIA,probability,threshold,decision,"
                + "out_of_distribution,error");
    assertThat(lines.get(1)).matches("first\\.jpeg,random,[0-9a-f]{12},0\\.\\d+.*,0\\.5,\\w+,.*,");
    assertThat(lines.get(2)).startsWith("\"'=bad,name.png\",random,");
  }

  @Test
  void imagesCanBeDroppedAndCleared() throws Exception {
    browser.executeScript(
        "const data = new DataTransfer();"
            + " data.items.add(new File(['not an image'], 'dropped.png', {type: 'image/png'}));"
            + " document.body.dispatchEvent(new DragEvent('drop',"
            + " {dataTransfer: data, bubbles: true, cancelable: true}));");
    awaitResults(1);
    assertThat(element(".card h3").getText()).isEqualTo("dropped.png");
    screenshot("error");
    element("#clear").click();
    assertThat(elements(".card")).isEmpty();
    assertThat(browser.switchTo().activeElement().getDomAttribute("id")).isEqualTo("files");
  }

  @Test
  void threeClassModelShowsEveryClass() throws Exception {
    element("#model").sendKeys("three");
    choose("second.png");
    awaitResults(1);
    assertThat(element(".card").getText())
        .contains("NORMAL", "BACTERIAL PNEUMONIA", "VIRAL PNEUMONIA", "Probability of PNEUMONIA");
    screenshot("three");
  }
}
