/**
 * Predicts whole folders of pictures into a CSV file, on with what an earlier try has done.
 *
 * <p>{@link dev.cxr.serve.folder.FolderPredictor} is what the command calls.
 */
@NullMarked
package dev.cxr.serve.folder;

import org.jspecify.annotations.NullMarked;
