package dev.cxr.data.audit;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;

/**
 * An image of the dataset.
 *
 * @param id its name within the dataset
 * @param split its split
 * @param finding its label
 * @param patient its patient key
 */
public record AuditedImage(String id, Split split, Finding finding, String patient) {

  static AuditedImage of(Xray xray) {
    return new AuditedImage(xray.id(), xray.split(), xray.finding(), xray.patient());
  }
}
