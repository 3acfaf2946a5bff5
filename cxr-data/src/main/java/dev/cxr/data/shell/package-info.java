/**
 * What all commands share: how they are started, how they refuse, how they show progress.
 *
 * <p>Every module's {@code Main} hands its arguments to {@link dev.cxr.data.shell.Shell}; any code
 * may throw a {@link dev.cxr.data.shell.Refusal}. Knows nothing of X-rays.
 */
@NullMarked
package dev.cxr.data.shell;

import org.jspecify.annotations.NullMarked;
