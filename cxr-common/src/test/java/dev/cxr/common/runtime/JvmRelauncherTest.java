package dev.cxr.common.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.cxr.common.command.TestApplication;
import dev.cxr.common.testing.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JvmRelauncherTest {

  private static final String[] SETTINGS = {
    "MALLOC_ARENA_MAX=1",
    "MALLOC_MMAP_THRESHOLD_=4294967296",
    "MALLOC_TRIM_THRESHOLD_=17179869184",
    "MALLOC_TOP_PAD_=268435456"
  };

  private static final String NO_THREAD_CACHE =
      "GLIBC_TUNABLES=glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0";

  @BeforeAll
  static void onGlibc() throws IOException {
    assumeThat(Files.readString(Path.of("/proc/self/maps"))).containsPattern("/libc(\\.so\\.6|-2)");
  }

  @Test
  void runsEngineCommandsInAChildWithAllocatorSettings() throws Exception {
    try (ChildJvm parent = work(Map.of())) {
      String output = parent.remainingOutput();
      assertThat(output.lines()).contains(SETTINGS).contains("offline=true");
      assertThat(output).contains("pid=").doesNotContain("pid=" + parent.process().pid());
      assertThat(output).doesNotContain("GLIBC_TUNABLES");
      assertThat(parent.process().waitFor()).isZero();
    }
  }

  @Test
  void disablesAllocatorCachesForLongRunningCommands() throws Exception {
    try (ChildJvm parent = work(Map.of(), "--workload", "LONG_RUNNING")) {
      assertThat(parent.remainingOutput().lines()).contains(SETTINGS).contains(NO_THREAD_CACHE);
    }
  }

  @Test
  void choosesCompilerOptionsByWorkload() throws Exception {
    assertThat(jvmOptions("INFERENCE_ONLY")).startsWith("[-XX:TieredStopAtLevel=1, -Xmx64m,");
    assertThat(jvmOptions("MIXED")).startsWith("[-XX:Tier4").contains("00, -Xmx64m,");
    assertThat(jvmOptions("LONG_RUNNING")).startsWith("[-Xmx64m,");
  }

  private String jvmOptions(String workload) throws Exception {
    try (ChildJvm parent = work(Map.of(), "--workload", workload)) {
      return parent.lineAfter("jvm=");
    }
  }

  @Test
  void inheritsJvmOptionsAndProperties() throws Exception {
    try (ChildJvm plain = work(Map.of(), "--no-relaunch");
        ChildJvm parent = work(Map.of())) {
      String heap = plain.lineAfter("heap=");
      assertThat(parent.lineAfter("kept=")).isEqualTo("of the parent");
      assertThat(parent.lineAfter("heap=")).isEqualTo(heap);
    }
  }

  @Test
  void staysInTheProcessWithNoRelaunch() throws Exception {
    try (ChildJvm parent = work(Map.of(), "--no-relaunch")) {
      String output = parent.remainingOutput();
      assertThat(output.lines()).contains("pid=" + parent.process().pid(), "offline=true");
      assertThat(output).doesNotContain("MALLOC_");
    }
  }

  @Test
  void staysInTheProcessIfAllSettingsAreSet() throws Exception {
    Map<String, String> own =
        Map.of(
            "MALLOC_ARENA_MAX", "2",
            "MALLOC_MMAP_THRESHOLD_", "1000000000",
            "MALLOC_TRIM_THRESHOLD_", "1000000000",
            "MALLOC_TOP_PAD_", "1000000",
            "GLIBC_TUNABLES", "glibc.malloc.check=0");
    try (ChildJvm parent = work(own)) {
      assertThat(parent.remainingOutput().lines())
          .contains("MALLOC_ARENA_MAX=2", "pid=" + parent.process().pid());
    }
  }

  @Test
  void keepsSettingsOfTheUser() throws Exception {
    try (ChildJvm parent = work(Map.of("MALLOC_ARENA_MAX", "2"))) {
      assertThat(parent.remainingOutput().lines())
          .contains("MALLOC_ARENA_MAX=2", "MALLOC_TOP_PAD_=268435456");
    }
  }

  @Test
  void returnsTheExitCodeOfTheChild() throws Exception {
    try (ChildJvm parent = work(Map.of(), "--exit-code", "7")) {
      assertThat(Long.parseLong(parent.lineAfter("pid="))).isNotEqualTo(parent.process().pid());
      assertThat(parent.process().waitFor()).isEqualTo(7);
    }
  }

  @Test
  void forwardsSigtermToTheChild() throws Exception {
    try (ServerSocket server = listen();
        ChildJvm parent = work(Map.of(), "--port", String.valueOf(server.getLocalPort()));
        Child child = Child.of(server)) {
      assertThat(child.pid()).isNotEqualTo(parent.process().pid());
      parent.process().toHandle().destroy();
      assertThat(child.in().readLine()).isEqualTo("terminated");
      assertThat(parent.process().isAlive()).as("parent waits for its child").isTrue();
      child.release();
      assertThat(child.in().readLine()).isNull();
      assertThat(parent.process().waitFor()).isEqualTo(143);
    }
  }

  @Test
  void endsTheChildIfTheParentIsKilled() throws Exception {
    try (ServerSocket server = listen();
        ChildJvm parent = work(Map.of(), "--port", String.valueOf(server.getLocalPort()));
        Child child = Child.of(server)) {
      assertThat(child.pid()).isNotEqualTo(parent.process().pid());
      parent.process().toHandle().destroyForcibly();
      assertThat(child.in().readLine()).isEqualTo("terminated");
      child.release();
      assertThat(child.in().readLine()).isNull();
    }
  }

  /** The re-launched process at the other end of a connection, which ends when it does. */
  private record Child(Socket socket, BufferedReader in, long pid) implements AutoCloseable {

    static Child of(ServerSocket server) throws IOException {
      Socket socket = server.accept();
      socket.setSoTimeout(60_000); // a child that stays is a failure
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      return new Child(socket, in, Long.parseLong(in.readLine()));
    }

    void release() throws IOException {
      socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      socket.close();
    }
  }

  private static ServerSocket listen() throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    server.setSoTimeout(60_000);
    return server;
  }

  private static ChildJvm work(Map<String, String> environment, String... arguments)
      throws IOException {
    String[] all = new String[arguments.length + 1];
    all[0] = "work";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return ChildJvm.start(environment, List.of("-Dkept=of the parent"), TestApplication.class, all);
  }
}
