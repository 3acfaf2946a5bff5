package dev.cxr.data.dataset;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.common.testing.ChildJvm;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PixelCacheTest {

  private static final int SIDE = 16;

  /** Magic, key, count, side, checksum. */
  private static final int HEADER = 8 + 32 + 4 + 4 + 4;

  /** Width, height, hash and checksum of an image. */
  private static final int ENTRY = 4 + 4 + 32 + 4;

  @TempDir private Path folder;
  private Set<Path> before = Set.of();

  @BeforeEach
  void listCacheFiles() throws IOException {
    before = NoiseImages.cacheFiles();
  }

  @AfterEach
  void deleteCacheFiles() throws IOException {
    NoiseImages.removeCacheFilesSince(before);
  }

  @Test
  void containsResizedPixelsInOrder() throws IOException {
    PixelCache cache = PixelCache.openOrCreate(createXrays(5), SIDE);
    for (int i = 0; i < 5; i++) {
      assertThat(pixels(cache, i)).isEqualTo(resized(i, SIDE));
    }
    assertThat(NoiseImages.cacheFilesSince(before)).hasSize(1);
  }

  @Test
  void secondOpenReadsSameBytesWithoutDecoding() throws Exception {
    List<Xray> xrays = createXrays(3);
    PixelCache first = PixelCache.openOrCreate(xrays, SIDE);
    byte[] file = Files.readAllBytes(cacheFile());
    for (int i = 0; i < 3; i++) {
      // Not an image any more, but with the same version stamp.
      FileTime time = Files.getLastModifiedTime(path(i));
      Files.write(path(i), new byte[(int) Files.size(path(i))]);
      Files.setLastModifiedTime(path(i), time);
    }

    CapturedOutput<PixelCache> second =
        CapturedOutput.during(() -> PixelCache.openOrCreate(xrays, SIDE));

    for (int i = 0; i < 3; i++) {
      assertThat(pixels(second.value(), i)).isEqualTo(pixels(first, i));
      assertThat(second.value().hash(i)).isEqualTo(first.hash(i));
      assertThat(second.value().originalPixelCount(i))
          .isEqualTo(NoiseImages.noise(i).pixels().length);
    }
    assertThat(second.err()).isEmpty();
    assertThat(cacheFile()).hasBinaryContent(file);
  }

  @Test
  void replacesCacheOfChangedImageWithMessage() throws Exception {
    List<Xray> xrays = createXrays(3);
    PixelCache old = PixelCache.openOrCreate(xrays, SIDE);
    FileTime time = Files.getLastModifiedTime(path(1));
    NoiseImages.write(path(1), 99);
    Files.setLastModifiedTime(path(1), FileTime.from(time.toInstant().plusSeconds(2)));
    CapturedOutput<PixelCache> opened =
        CapturedOutput.during(() -> PixelCache.openOrCreate(xrays, SIDE));
    PixelCache changed = opened.value();
    assertThat(opened.err()).contains("out of date", cacheFile().toString());
    assertThat(pixels(changed, 1)).isEqualTo(resized(99, SIDE));
    assertThat(pixels(changed, 2)).isEqualTo(pixels(old, 2));
    assertThat(changed.hash(1)).isNotEqualTo(old.hash(1));
  }

  @Test
  void eachSideHasItsOwnCache() throws IOException {
    List<Xray> xrays = createXrays(1);
    PixelCache small = PixelCache.openOrCreate(xrays, SIDE);
    PixelCache large = PixelCache.openOrCreate(xrays, 32);
    assertThat(large.hash(0)).isEqualTo(small.hash(0));
    assertThat(pixels(large, 0)).isEqualTo(resized(0, 32));
    assertThat(NoiseImages.cacheFilesSince(before)).hasSize(2);
  }

  @Test
  void recreatesCacheWithDamagedHeader() throws Exception {
    List<Xray> xrays = createXrays(2);
    PixelCache.openOrCreate(xrays, SIDE);
    int pixels = HEADER + 2 * ENTRY;
    assertThat(cacheFile()).hasSize(pixels + 2 * SIDE * SIDE);
    for (int at = 0; at < pixels; at += at < HEADER ? 1 : 5) {
      assertRecreated(xrays, flipped(at));
    }
  }

  @Test
  void decodesDamagedImageAgainAndRecreatesCacheNextTime() throws Exception {
    List<Xray> xrays = createXrays(3);
    PixelCache.openOrCreate(xrays, SIDE);
    Path file = cacheFile();
    byte[] good = Files.readAllBytes(file);
    for (int at = HEADER + 3 * ENTRY; at < good.length; at += 37) {
      replace(file, flipped(at).apply(good.clone()));
      PixelCache cache = PixelCache.openOrCreate(xrays, SIDE);

      CapturedOutput<List<byte[]>> read =
          CapturedOutput.during(
              () -> List.of(pixels(cache, 0), pixels(cache, 1), pixels(cache, 2)));

      assertThat(read.value().get(0)).isEqualTo(resized(0, SIDE));
      assertThat(read.value().get(1)).isEqualTo(resized(1, SIDE));
      assertThat(read.value().get(2)).isEqualTo(resized(2, SIDE));
      assertThat(read.err()).containsOnlyOnce("damaged").contains(file.toString());
      assertThat(file).doesNotExist();
      PixelCache.openOrCreate(xrays, SIDE);
      assertThat(file).hasBinaryContent(good);
    }
  }

  @Test
  void decodesAgainWhenOpenCacheIsTruncated() throws Exception {
    PixelCache cache = PixelCache.openOrCreate(createXrays(2), SIDE);
    Path file = cacheFile();
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), HEADER + 2 * ENTRY + 10));
    assertThat(pixels(cache, 0)).isEqualTo(resized(0, SIDE));
    assertThat(pixels(cache, 1)).isEqualTo(resized(1, SIDE));
    assertThat(file).doesNotExist();
  }

  @Test
  void failsWhenDamagedImageHasNoSource() throws Exception {
    List<Xray> xrays = createXrays(2);
    PixelCache.openOrCreate(xrays, SIDE);
    Path file = cacheFile();
    byte[] bytes = Files.readAllBytes(file);
    replace(file, flipped(bytes.length - 1).apply(bytes));
    PixelCache cache = PixelCache.openOrCreate(xrays, SIDE);
    Files.delete(path(1));
    assertThat(pixels(cache, 0)).isEqualTo(resized(0, SIDE));
    assertThatThrownBy(() -> cache.image(1))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("1.png");
  }

  private static UnaryOperator<byte[]> flipped(int at) {
    return bytes -> {
      bytes[at] ^= (byte) (1 << at % 8);
      return bytes;
    };
  }

  @Test
  void recreatesTruncatedCache() throws Exception {
    List<Xray> xrays = createXrays(2);
    for (int kept : new int[] {0, 1, HEADER - 1, HEADER, HEADER + 40, HEADER + 2 * ENTRY + 511}) {
      assertRecreated(xrays, bytes -> Arrays.copyOf(bytes, kept));
    }
  }

  @Test
  void recreatesCacheWithTrailingBytes() throws Exception {
    assertRecreated(createXrays(2), bytes -> Arrays.copyOf(bytes, bytes.length + 1));
  }

  @Test
  void concurrentProcessesBothReadCompleteCache() throws Exception {
    int count = 300;
    createXrays(count);
    Path caches = folder.resolve("caches");
    Map<String, String> environment = Map.of("CXR_CACHE_DIR", caches.toString());
    String[] arguments = {folder.toString(), String.valueOf(count), String.valueOf(SIDE)};
    try (ChildJvm one = ChildJvm.start(environment, List.of(), PixelCacheProcess.class, arguments);
        ChildJvm two = ChildJvm.start(environment, List.of(), PixelCacheProcess.class, arguments)) {
      assertThat(one.lineAfter("ready")).isEqualTo(two.lineAfter("ready"));
      one.process().getOutputStream().close(); // both now begin
      two.process().getOutputStream().close();
      String sum = one.lineAfter("pixels ");
      assertThat(two.lineAfter("pixels ")).isEqualTo(sum);
      CRC32 expected = new CRC32();
      for (int i = 0; i < count; i++) {
        expected.update(resized(i, SIDE));
      }
      assertThat(sum).isEqualTo(Long.toHexString(expected.getValue()));
      assertThat(one.remainingOutput() + two.remainingOutput()).isEmpty();
    }
    try (Stream<Path> left = Files.list(caches.resolve("pixels"))) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void killedProcessLeavesNoTrustedCache() throws Exception {
    Path caches = folder.resolve("caches");
    Map<String, String> environment = Map.of("CXR_CACHE_DIR", caches.toString());
    String[] slow = {"synthetic", "5000", "224"};
    try (ChildJvm child = ChildJvm.start(environment, List.of(), PixelCacheProcess.class, slow)) {
      child.process().getOutputStream().close();
      Path pixels = caches.resolve("pixels");
      while (!Files.isDirectory(pixels) || isEmpty(pixels)) {
        Thread.sleep(1);
      }
      child.process().destroyForcibly().waitFor();
      try (Stream<Path> left = Files.list(pixels)) {
        assertThat(left).allMatch(path -> path.getFileName().toString().contains(".unfinished-"));
      }
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  @Test
  void recreatesCacheOfOtherImages() throws Exception {
    List<Xray> xrays = createXrays(3);
    PixelCache.openOrCreate(xrays.subList(1, 3), SIDE);
    byte[] other = Files.readAllBytes(cacheFile());
    Files.delete(cacheFile());
    assertRecreated(xrays.subList(0, 2), bytes -> other);
  }

  @Test
  void rejectsUnreadableImageByNameAndLeavesNoCache() throws IOException {
    List<Xray> xrays = createXrays(4);
    Files.write(path(2), "no image".getBytes(US_ASCII));
    assertThatThrownBy(() -> PixelCache.openOrCreate(xrays, SIDE))
        .isExactlyInstanceOf(UserErrorException.class)
        .hasMessageContaining("2.png")
        .hasMessageContaining("Replace or remove them");
    assertThat(NoiseImages.cacheFilesSince(before)).isEmpty();
  }

  @Test
  void countsUnreadableImagesAndNamesFirst() throws IOException {
    List<Xray> xrays = createXrays(6);
    Files.write(path(4), Arrays.copyOf(Files.readAllBytes(path(4)), 100));
    Files.write(path(2), new byte[0]);
    Files.delete(path(5));
    Files.createDirectory(path(5));
    assertThatThrownBy(() -> PixelCache.openOrCreate(xrays, SIDE))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("3 unreadable, the first is 2.png")
        .hasMessageContaining("Replace or remove them");
    assertThat(NoiseImages.cacheFilesSince(before)).isEmpty();
  }

  /** Damages the cache, opens it and compares. */
  private void assertRecreated(List<Xray> xrays, UnaryOperator<byte[]> damage) throws Exception {
    PixelCache.openOrCreate(xrays, SIDE);
    Path file = cacheFile();
    byte[] good = Files.readAllBytes(file);
    replace(file, damage.apply(good.clone()));

    CapturedOutput<PixelCache> opened =
        CapturedOutput.during(() -> PixelCache.openOrCreate(xrays, SIDE));

    assertThat(opened.err()).contains(file.toString(), "recreated");
    assertThat(file).hasBinaryContent(good);
    assertThat(pixels(opened.value(), 1)).isEqualTo(resized(1, SIDE));
    assertThat(NoiseImages.cacheFilesSince(before)).containsExactly(file);
  }

  /** Uses a new file, because the old one may still be open. */
  private void replace(Path file, byte[] bytes) throws IOException {
    Path other = Files.write(folder.resolve("other"), bytes);
    Files.deleteIfExists(file);
    Files.move(other, file);
  }

  private static byte[] resized(long seed, int side) {
    return Resampler.resize(NoiseImages.noise(seed), side, side).pixels();
  }

  private static byte[] pixels(PixelCache cache, int index) {
    return cache.image(index).pixels();
  }

  private Path cacheFile() throws IOException {
    Set<Path> files = NoiseImages.cacheFilesSince(before);
    assertThat(files).hasSize(1);
    return files.iterator().next();
  }

  private Path path(int index) {
    return folder.resolve(index + ".png");
  }

  private List<Xray> createXrays(int count) throws IOException {
    List<Xray> xrays = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      xrays.add(NoiseImages.xray(NoiseImages.write(path(i), i), Finding.NORMAL, Split.TRAIN));
    }
    return xrays;
  }
}
