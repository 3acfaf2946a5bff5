package dev.cxr.data.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import dev.cxr.data.audit.AuditIssue.IssueKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditIssueTest {

  @ParameterizedTest
  @CsvSource({
    "patient-in-two-splits, PATIENT_IN_SEVERAL_SPLITS",
    "duplicate-into-test, TRAIN_TEST_DUPLICATE",
    "near-duplicate-into-test, TRAIN_TEST_NEAR_DUPLICATE",
    "near-duplicate-into-validation, TRAIN_VALIDATION_NEAR_DUPLICATE",
    "near-duplicate-conflict, NEAR_DUPLICATE_LABEL_CONFLICT",
    "patient-number-recurs, PATIENT_NUMBER_REUSED",
    "cause-not-told, CAUSE_UNSPECIFIED",
    "catalogue, DATASET_NOTICE",
  })
  void readsKindsOfSchemaVersion1(String name, IssueKind kind) {
    String json = "{\"severity\": \"error\", \"kind\": \"%s\", \"text\": \"t\"}".formatted(name);
    assertThat(new Gson().fromJson(json, AuditIssue.class).kind()).isEqualTo(kind);
  }
}
