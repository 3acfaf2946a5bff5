package dev.cxr.data.image;

import java.nio.file.Path;

/**
 * An image file that {@link ImageFinder} found.
 *
 * @param path the file, as it is reached from the folder that was searched
 * @param name unique name: the path below that folder, with {@code /} between folders, or the path
 *     of a file that was given itself
 * @param isDicom whether it is a DICOM file
 */
public record FoundImage(Path path, String name, boolean isDicom) {}
