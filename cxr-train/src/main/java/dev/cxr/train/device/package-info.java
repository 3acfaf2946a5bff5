/** The device that training runs on, and its name in reports. */
@NullMarked
package dev.cxr.train.device;

import org.jspecify.annotations.NullMarked;
