/**
 * What a run tells of itself once it has ended: {@code report.html} for people, {@code report.json}
 * for programs, and the log of times and memory that both rest on.
 *
 * <p>{@link dev.cxr.train.report.RunReport} is written from the files of the run folder.
 */
@NullMarked
package dev.cxr.train.report;

import org.jspecify.annotations.NullMarked;
