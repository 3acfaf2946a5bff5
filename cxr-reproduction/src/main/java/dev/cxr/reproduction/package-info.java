/** Generates RESULTS.md of this repository from the evaluations kept under results/. */
@org.jspecify.annotations.NullMarked
package dev.cxr.reproduction;
