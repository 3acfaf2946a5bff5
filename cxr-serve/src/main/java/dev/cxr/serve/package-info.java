/**
 * The entry point of cxr-serve: {@link dev.cxr.serve.Main} starts the commands in {@code
 * dev.cxr.serve.cli}.
 */
@NullMarked
package dev.cxr.serve;

import org.jspecify.annotations.NullMarked;
