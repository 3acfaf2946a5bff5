/**
 * Models made of networks as one block: flip averaging, cascade, ensemble, anomaly scores,
 * k-nearest-neighbours vote. {@link dev.cxr.models.composition.ModelSpec} parses and builds them;
 * bundles and training call it.
 */
@NullMarked
package dev.cxr.models.composition;

import org.jspecify.annotations.NullMarked;
