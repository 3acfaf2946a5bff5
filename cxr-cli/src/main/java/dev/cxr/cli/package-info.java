/** The command {@code cxr}, which has the commands of all modules. */
@NullMarked
package dev.cxr.cli;

import org.jspecify.annotations.NullMarked;
