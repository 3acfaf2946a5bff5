/**
 * When to stop and which learning rate to use: pure functions from epoch to epoch. For the package
 * loop.
 */
@NullMarked
package dev.cxr.train.schedule;

import org.jspecify.annotations.NullMarked;
