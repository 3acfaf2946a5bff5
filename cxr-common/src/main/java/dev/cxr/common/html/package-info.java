/**
 * Self-contained HTML pages: the frame, style sheet and charts of every report.
 *
 * <p>A report has a template and values; {@link dev.cxr.common.html.HtmlPage} renders them.
 */
@NullMarked
package dev.cxr.common.html;

import org.jspecify.annotations.NullMarked;
