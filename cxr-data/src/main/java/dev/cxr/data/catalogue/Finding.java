package dev.cxr.data.catalogue;

/** What a radiograph shows according to its collection. */
public enum Finding {
  /** No finding. */
  NORMAL,
  /** Pneumonia of bacterial cause. */
  BACTERIAL_PNEUMONIA,
  /** Pneumonia of viral cause. */
  VIRAL_PNEUMONIA,
  /** Pneumonia of a cause the collection does not tell. */
  PNEUMONIA;

  /** Whether this is a pneumonia of any cause. */
  public boolean isPneumonia() {
    return this != NORMAL;
  }
}
