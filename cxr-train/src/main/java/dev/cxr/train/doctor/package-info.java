/**
 * Checks of a machine for training: {@link dev.cxr.train.doctor.SystemProbe} collects facts, {@link
 * dev.cxr.train.doctor.SystemChecks} interprets them. For the command {@code doctor}.
 */
@NullMarked
package dev.cxr.train.doctor;

import org.jspecify.annotations.NullMarked;
