/**
 * The process that runs PyTorch: allocator settings, relaunch with them, child processes, the CPU
 * and the memory, benchmark statistics.
 *
 * <p>{@link dev.cxr.common.command.CliApplication} applies all of it; a program that embeds cxr
 * calls {@link dev.cxr.common.runtime.AllocatorSettings} and {@link
 * dev.cxr.common.runtime.EngineDefaults}.
 */
@NullMarked
package dev.cxr.common.runtime;

import org.jspecify.annotations.NullMarked;
