/** Log, report and charts of a run. The package loop writes the log, the package run the report. */
@NullMarked
package dev.cxr.train.report;

import org.jspecify.annotations.NullMarked;
