/**
 * The entry point of the cxr-data command line.
 *
 * <p>The packages below hold the library; {@code cli} holds the commands.
 */
@NullMarked
package dev.cxr.data;

import org.jspecify.annotations.NullMarked;
