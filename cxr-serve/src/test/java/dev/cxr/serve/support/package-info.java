/** What the tests of this module share: bundles, pictures, clients, a running server. */
@NullMarked
package dev.cxr.serve.support;

import org.jspecify.annotations.NullMarked;
