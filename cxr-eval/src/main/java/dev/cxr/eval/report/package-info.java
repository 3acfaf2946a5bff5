/**
 * What an evaluation, a comparison or an explanation writes: HTML pages, JSON and CSV files, and
 * text for a terminal. Computes no metrics of its own. For the commands and {@link
 * dev.cxr.eval.Evaluator}.
 */
@org.jspecify.annotations.NullMarked
package dev.cxr.eval.report;
