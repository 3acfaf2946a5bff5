/**
 * Checks a dataset before training: unreadable files, duplicates, data leakage, shortcuts.
 *
 * <p>{@link dev.cxr.data.audit.Audit#run} is the entry point; it returns numbers only, which {@link
 * dev.cxr.data.audit.AuditFiles} writes as a page and as JSON.
 */
@NullMarked
package dev.cxr.data.audit;

import org.jspecify.annotations.NullMarked;
