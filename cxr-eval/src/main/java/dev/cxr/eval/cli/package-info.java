/**
 * The commands of cxr-eval: options, terminal output and exit codes. For {@link dev.cxr.eval.Main}
 * only; other code calls {@link dev.cxr.eval.Evaluator} or the packages that do the work.
 */
@org.jspecify.annotations.NullMarked
package dev.cxr.eval.cli;
