/**
 * Figures for a paper: charts and confusion matrices of the width of a journal column, as SVG, PNG
 * and PDF. For {@code report}, which chooses what to draw.
 */
@NullMarked
package dev.cxr.eval.figure;

import org.jspecify.annotations.NullMarked;
