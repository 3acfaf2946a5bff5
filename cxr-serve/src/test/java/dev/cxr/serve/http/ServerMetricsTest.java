package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.TestImages;
import dev.cxr.serve.support.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerMetricsTest {

  @Test
  void countsRequestsAndRevealsNoImageData(@TempDir Path scratch) throws Exception {
    CapturedOutput<String> run = CapturedOutput.during(() -> metrics(scratch));
    String metrics = run.value();
    assertThat(metrics)
        .contains(
            "cxr_requests_total{code=\"200\",endpoint=\"prediction\"} 2.0",
            "cxr_requests_total{code=\"400\",endpoint=\"prediction\"} 2.0",
            "cxr_requests_total{code=\"404\",endpoint=\"other\"} 1.0",
            "cxr_request_duration_seconds_bucket{endpoint=\"prediction\",le=\"0.5\"}",
            "cxr_batch_size_count 2",
            "cxr_queue_waiting{",
            "cxr_ready 1.0",
            "cxr_build_info{",
            "process_resident_memory_bytes")
        .doesNotContain(TestImages.PATIENT_NAME, "SECRET");
    assertThat(run.out() + run.err())
        .doesNotContain(TestImages.PATIENT_NAME, "SECRET", "MUSTERMANN");
  }

  /** Sends valid and invalid requests and returns the metrics. */
  private static String metrics(Path scratch) throws Exception {
    try (TestServer server = TestServer.start(scratch, RandomBundle.SMALL)) {
      byte[] dicom = TestImages.dicom(0);
      server.post("/predictions/random", dicom);
      server.post("/predictions/random?detail=true&image=true", dicom);
      byte[] cut = Arrays.copyOf(dicom, dicom.length - 7);
      server.post("/predictions/random", cut);
      server.send(
          server
              .request("/predictions/random?file=SECRET-NAME.dcm")
              .header("Content-Type", "multipart/form-data; boundary=b")
              .POST(
                  BodyPublishers.ofString(
                      "--b\r\nContent-Disposition: form-data; name=\"data\";"
                          + " filename=\"SECRET-NAME.dcm\"\r\n\r\nx\r\n--b--\r\n"))
              .build());
      server.get("/SECRET-PATH");
      String body = server.get("/metrics").body();
      assertThat(server.get("/server/metrics?name%5B%5D=cxr_ready").body())
          .contains("cxr_ready 1.0")
          .doesNotContain("jvm_");
      return body;
    }
  }
}
