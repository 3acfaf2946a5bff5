/**
 * Stored results of evaluations beside published ones: {@link
 * dev.cxr.reproduction.results.ResultCollector} stores, {@link
 * dev.cxr.reproduction.results.ResultsDocument} writes RESULTS.md and its script. For the commands.
 */
@org.jspecify.annotations.NullMarked
package dev.cxr.reproduction.results;
