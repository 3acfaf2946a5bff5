/**
 * Predicts folders of images into a CSV file, and resumes after an interruption.
 *
 * <p>The command {@code predict} calls {@link dev.cxr.serve.folder.FolderPredictor}.
 */
@NullMarked
package dev.cxr.serve.folder;

import org.jspecify.annotations.NullMarked;
