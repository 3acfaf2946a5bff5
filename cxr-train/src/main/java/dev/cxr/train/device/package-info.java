/**
 * The machine that one trains on: which device to take, and {@code doctor}, which looks over all
 * that training stands on.
 *
 * <p>What is seen ({@link dev.cxr.train.doctor.MachineFacts}, {@link
 * dev.cxr.train.doctor.EngineFacts}) and what it means ({@link dev.cxr.train.doctor.SystemChecks})
 * are kept apart.
 */
@NullMarked
package dev.cxr.train.device;

import org.jspecify.annotations.NullMarked;
