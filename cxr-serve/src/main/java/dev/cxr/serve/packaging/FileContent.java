package dev.cxr.serve.packaging;

import java.io.IOException;
import java.io.InputStream;

/** The content of a file of a package, opened for each read. */
@FunctionalInterface
interface FileContent {

  InputStream open() throws IOException;
}
