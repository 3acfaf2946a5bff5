/**
 * The frame of a command line: parsing, the start of a command in its own process, and its failure
 * as one message.
 *
 * <p>Start at {@link dev.cxr.common.command.CliApplication}.
 */
@NullMarked
package dev.cxr.common.command;

import org.jspecify.annotations.NullMarked;
