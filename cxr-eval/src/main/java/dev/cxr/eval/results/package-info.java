/**
 * Measured results beside what others reported: what is kept of an evaluation, {@link
 * dev.cxr.eval.results.StoredResult}, and RESULTS.md, which follows from what is kept alone, {@link
 * dev.cxr.eval.results.ResultsText}. The commands are one package above.
 */
@NullMarked
package dev.cxr.eval.results;













import org.jspecify.annotations.NullMarked;
