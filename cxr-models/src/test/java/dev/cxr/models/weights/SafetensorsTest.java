package dev.cxr.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

  private static final String ONE = "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}";

  @TempDir private Path folder;

  @Test
  void readsTensorsByName() throws IOException {
    String header =
        json(
            """
            {'__metadata__':{'format':'pt'},
             'second':{'data_offsets':[8,12],'dtype':'F32','shape':[1,1]},
             'first':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},
             'scalar':{'dtype':'BF16','shape':[],'data_offsets':[12,14]},
             'empty':{'dtype':'F32','shape':[0,3],'data_offsets':[14,14]}}   \
            """);
    byte[] data = {0, 0, (byte) 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0, (byte) 0xBF, 0x40, 0x40};
    Path file = SafetensorsFile.write(file(), header, data);
    try (Safetensors stored = Safetensors.open(file)) {
      assertThat(stored.tensors().keySet()).containsExactly("second", "first", "scalar", "empty");
      assertThat(stored.tensors().values())
          .extracting(TensorInfo::shape)
          .startsWith(List.of(1L, 1L), List.of(2L));
      assertThat(stored.readTensor("first")).containsExactly(1, 2);
      assertThat(stored.readTensor("second")).containsExactly(-0.5f);
      assertThat(stored.readTensor("scalar")).containsExactly(3);
      assertThat(stored.readTensor("empty")).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [1]                                                                | an object as header
          {'a'                                                               | strict JSON
          {a:{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}               | strict JSON
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},}            | strict JSON
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],}}            | strict JSON
          {'a':{'dtype':'F32','shape':[02],'data_offsets':[0,8]}}            | strict JSON
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} {}          | strict JSON
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}]            | strict JSON
          {'a':null}                                                         | object as tensor 'a'
          {'a':{'dtype':'F32','shape':[null],'data_offsets':[0,8]}}          | two data_offsets of tensor 'a'; found
          {'a':{'dtype':null,'shape':[2],'data_offsets':[0,8]}}              | two data_offsets of tensor 'a'; found
          {'a':[]}                                                           | object as tensor 'a'
          {'a':{'shape':[2],'data_offsets':[0,8]}}                           | two data_offsets of tensor 'a'; found
          {'a':{'dtype':'F32','data_offsets':[0,8]}}                         | two data_offsets of tensor 'a'; found
          {'a':{'dtype':'F32','shape':[2]}}                                  | two data_offsets of tensor 'a'; found
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}               | data_offsets of tensor 'a' that differ
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8,9]}}           | data_offsets of tensor 'a' that differ
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'more':1}}    | Unrecognized field "more"
          {'a':{'dtype':'F32','shape':[2],'shape':[2],'data_offsets':[0,8]}} | Duplicate field 'shape'
          {'a':{'dtype':'F33','shape':[2],'data_offsets':[0,8]}}             | "F33"
          {'a':{'dtype':7,'shape':[2],'data_offsets':[0,8]}}                 | two data_offsets of tensor 'a'; found
          {'a':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}}           | two data_offsets of tensor 'a'; found
          {'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}           | two data_offsets of tensor 'a'; found
          {'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}            | -8 bytes
          {'a':{'dtype':'F32','shape':[2e0],'data_offsets':[0,8]}}           | two data_offsets of tensor 'a'; found
          {'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}             | 12 bytes of [3] of F32
          {'a':{'dtype':'F64','shape':[2],'data_offsets':[0,8]}}             | 16 bytes of [2] of F64
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}             | found [8, 0]
          {'a':{'dtype':'F32','shape':[999999999999999999,999999999999999999],'data_offsets':[0,8]}} | found [0, 8]
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}            | found byte 4
          {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}             | all 8 bytes of data
          {}                                                                 | all 8 bytes of data
          {'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}            | all 8 bytes of data
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | tensor 'b' at byte 8
          {'a':{'dtype':'F16','shape':[1],'data_offsets':[0,2]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | tensor 'b' at byte 2
          {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | Duplicate field 'a'
          {'__metadata__':{},'__metadata__':{},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | Duplicate field '__metadata__'
          {'a\\u0007':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}       | printable names
          """)
  void rejectsInvalidHeaders(String header, String message) throws IOException {
    Path file = SafetensorsFile.write(file(), json(header), new byte[8]);
    assertRejected(file, message);
  }

  @Test
  void rejectsHeadersThatAreNotUtf8() throws IOException {
    byte[] header = json(ONE).getBytes(StandardCharsets.UTF_8);
    header[2] = (byte) 0xFF;
    Path file = SafetensorsFile.write(file(), header.length, header, new byte[8]);
    assertRejected(file, "strict JSON in UTF-8");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, 64, (1 << 20) + 1, Long.MAX_VALUE})
  void rejectsHeaderLengthOutOfRange(long length) throws IOException {
    byte[] header = json(ONE).getBytes(StandardCharsets.UTF_8);
    Path file = SafetensorsFile.write(file(), length, header, new byte[8]);
    assertRejected(file, "a length of " + Long.toUnsignedString(length) + " in a file of 70 bytes");
  }

  /** Beginnings of what torch.save writes now, and wrote once. */
  @ParameterizedTest
  @ValueSource(strings = {"504b030400000808", "80028a0a6cfc9c46"})
  void rejectsTorchFiles(String beginning) throws IOException {
    byte[] saved = Arrays.copyOf(HexFormat.of().parseHex(beginning), 1 << 10);
    assertRejected(Files.write(file(), saved), "pickles (.pt, .pth, .bin) are not read");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7})
  void rejectsFilesTooShortForAHeader(int size) throws IOException {
    assertRejected(Files.write(file(), new byte[size]), "a file of " + size + " bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {69, 71})
  void rejectsTruncatedAndExtendedFiles(int size) throws IOException {
    byte[] sound = Files.readAllBytes(SafetensorsFile.write(file(), json(ONE), new byte[8]));
    assertThat(sound).hasSize(70);
    Files.write(file(), Arrays.copyOf(sound, size));
    assertRejected(file(), "bytes of data");
  }

  @Test
  void rejectsNonFiniteValues() throws IOException {
    Path file = new SafetensorsFile().put("a", new float[] {1, Float.NaN}, 2).write(file());
    try (Safetensors stored = Safetensors.open(file)) {
      assertThatThrownBy(() -> stored.readTensor("a"))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("finite numbers in tensor 'a'; found NaN as number 1, in " + file);
    }
  }

  @Test
  void rejectsUnsupportedElementTypesOnRead() throws IOException {
    Path file = new SafetensorsFile().put("a", "I64", new byte[8]).write(file());
    try (Safetensors stored = Safetensors.open(file)) {
      assertThatThrownBy(() -> stored.readTensor("a"))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("tensor 'a' in F32, F16 or BF16")
          .hasMessageContaining("found I64");
    }
  }

  /** Whatever a byte is changed to, the file is read or refused, and nothing else happens. */
  @Test
  void randomDamageIsReadOrRejected() throws IOException {
    Random random = new Random(1);
    byte[] sound =
        Files.readAllBytes(
            new SafetensorsFile()
                .put("conv.weight", new float[6], 3, 2)
                .put("bn.num_batches_tracked", "I64", new byte[8])
                .write(file()));
    int refused = 0;
    for (int round = 0; round < 2000; round++) {
      byte[] damaged = sound.clone();
      for (int i = 0; i <= round % 3; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(file(), damaged);
      try (Safetensors stored = Safetensors.open(file())) {
        assertThat(stored.tensors()).isNotEmpty();
      } catch (UserErrorException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1000, 1999);
  }

  private static void assertRejected(Path file, String message) {
    assertThatThrownBy(() -> Safetensors.open(file).close())
        .isExactlyInstanceOf(UserErrorException.class)
        .hasMessageMatching("(?s)Expected .+; found .+\\. Download the file again.+\\.")
        .hasMessageContaining(message)
        .hasMessageContaining(file.toString());
  }

  private Path file() {
    return folder.resolve("weights.safetensors");
  }

  private static String json(String singleQuoted) {
    return singleQuoted.replace('\'', '"');
  }
}
