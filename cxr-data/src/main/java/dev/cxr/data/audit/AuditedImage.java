package dev.cxr.data.audit;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;

/**
 * A picture that a report speaks of.
 *
 * @param id its name within the collection
 * @param split what it is used for
 * @param finding what it shows
 * @param patient its patient group
 */
public record AuditedImage(String id, Split split, Finding finding, String patient) {

  static AuditedImage of(Xray xray) {
    return new AuditedImage(xray.id(), xray.split(), xray.finding(), xray.patient());
  }
}
