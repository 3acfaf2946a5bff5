/**
 * The machine that one trains on: which device to take, and {@code doctor}, which looks over all
 * that training stands on.
 *
 * <p>What is seen ({@link dev.cxr.train.machine.MachineFacts}, {@link
 * dev.cxr.train.machine.EngineFacts}) and what it means ({@link dev.cxr.train.machine.Diagnosis})
 * are kept apart.
 */
@NullMarked
package dev.cxr.train.machine;
















import org.jspecify.annotations.NullMarked;
