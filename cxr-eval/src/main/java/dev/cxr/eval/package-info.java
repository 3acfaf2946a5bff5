/**
 * Entry points of cxr-eval: {@link dev.cxr.eval.Evaluator} for programs, {@link dev.cxr.eval.Main}
 * for the command line. The packages below do the work.
 */
@org.jspecify.annotations.NullMarked
package dev.cxr.eval;
