/** The commands of cxr-reproduction. For {@link dev.cxr.reproduction.Main} only. */
@org.jspecify.annotations.NullMarked
package dev.cxr.reproduction.cli;
