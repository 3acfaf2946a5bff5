/**
 * Pages of HTML that need nothing but themselves: one frame and one style sheet for every report.
 *
 * <p>A report brings a template and its values; {@link dev.cxr.data.report.HtmlPage} does the rest.
 */
@NullMarked
package dev.cxr.data.report;

import org.jspecify.annotations.NullMarked;
