/**
 * What all commands share: start, error messages, progress, version.
 *
 * <p>Every module's {@code Main} extends {@link dev.cxr.common.command.CliApplication}; any code
 * may throw a {@link dev.cxr.common.cli.UserErrorException}.
 */
@NullMarked
package dev.cxr.common.cli;

import org.jspecify.annotations.NullMarked;
