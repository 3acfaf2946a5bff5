/**
 * Pages of HTML that need nothing but themselves: one frame and one style sheet for every report.
 *
 * <p>A report brings a template and its values; {@link dev.cxr.common.html.HtmlPage} does the rest.
 */
@NullMarked
package dev.cxr.common.html;

import org.jspecify.annotations.NullMarked;
