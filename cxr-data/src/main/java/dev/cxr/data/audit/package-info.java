/**
 * What a careful person wants to know of a collection before training on it.
 *
 * <p>{@link dev.cxr.data.audit.Audit#run} is the way in; its report is pure figures, which {@link
 * dev.cxr.data.audit.AuditFiles} writes as a page and as JSON.
 */
@NullMarked
package dev.cxr.data.audit;

import org.jspecify.annotations.NullMarked;
