/** Fixtures of this module's tests: bundles, image files, clients and servers. */
@NullMarked
package dev.cxr.serve.support;

import org.jspecify.annotations.NullMarked;
