/** The commands of cxr-models, which {@link dev.cxr.models.Main} starts. */
@NullMarked
package dev.cxr.models.cli;

import org.jspecify.annotations.NullMarked;
