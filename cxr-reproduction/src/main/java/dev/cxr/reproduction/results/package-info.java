/**
 * Measured results beside what others reported: what is kept of an evaluation, {@link
 * dev.cxr.reproduction.results.StoredResult}, and RESULTS.md, which follows from what is kept
 * alone, {@link dev.cxr.reproduction.results.ResultsDocument}. The commands are one package above.
 */
@NullMarked
package dev.cxr.reproduction.results;

import org.jspecify.annotations.NullMarked;
