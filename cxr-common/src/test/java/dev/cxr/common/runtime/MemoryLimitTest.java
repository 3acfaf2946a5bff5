package dev.cxr.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryLimitTest {

  private static final long GIBIBYTE = 1L << 30;

  @TempDir private Path root;

  @Test
  void withoutLimitsIsThePhysicalMemory() throws Exception {
    write("proc/self/limits", "Max address space         unlimited            unlimited   bytes\n");
    write("proc/self/cgroup", "0::/\n");
    write("sys/fs/cgroup/memory.max", "max\n");
    MemoryLimit limit = MemoryLimit.read(root, GIBIBYTE);
    assertThat(limit).hasToString("1024 MiB (physical memory)");
    assertThat(limit.peakBytes()).isEmpty();
  }

  @Test
  void readsTheSmallestOfACgroupAndItsParents() throws Exception {
    write("proc/self/cgroup", "0::/a/b\n");
    write("sys/fs/cgroup/a/memory.max", "536870912\n");
    write("sys/fs/cgroup/a/memory.peak", "1048576\n");
    write("sys/fs/cgroup/a/b/memory.max", "805306368\n");
    MemoryLimit limit = MemoryLimit.read(root, GIBIBYTE);
    assertThat(limit).hasToString("512 MiB (cgroup /a)");
    assertThat(limit.peakBytes()).hasValue(1 << 20);
  }

  @Test
  void readsVersion1BesideAnEmptyVersion2() throws Exception {
    write("proc/self/cgroup", "5:cpu,memory:/a\n1:cpuset:/a\n0::/\n");
    write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "805306368\n");
    write("sys/fs/cgroup/memory/a/memory.max_usage_in_bytes", "7340032\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    MemoryLimit limit = MemoryLimit.read(root, GIBIBYTE);
    assertThat(limit).hasToString("768 MiB (cgroup /a)");
    assertThat(limit.peakBytes()).hasValue(7 << 20);
  }

  @Test
  void inAContainerReadsTheRootOfTheMount() throws Exception {
    write("proc/self/cgroup", "4:memory:/docker/1a2b\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "536870912\n");
    assertThat(MemoryLimit.read(root, GIBIBYTE)).hasToString("512 MiB (cgroup /)");
  }

  @Test
  void readsTheLimitOfTheAddressSpace() throws Exception {
    write("proc/self/limits", "Max address space         268435456            unlimited   bytes\n");
    write("proc/self/status", "VmSize:\t  131072 kB\nVmRSS:\t   65536 kB\n");
    assertThat(MemoryLimit.read(root, GIBIBYTE))
        .hasToString("192 MiB (ulimit -v without what is only reserved)");
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    Files.writeString(path, text);
  }
}
