/**
 * What all commands share: how they are started, how they refuse, how they show progress.
 *
 * <p>Every module's {@code Main} hands its arguments to {@link dev.cxr.common.cli.CliApplication};
 * any code may throw a {@link dev.cxr.common.cli.UserErrorException}. Knows nothing of X-rays.
 */
@NullMarked
package dev.cxr.common.cli;

import org.jspecify.annotations.NullMarked;
