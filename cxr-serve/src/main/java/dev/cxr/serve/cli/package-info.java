@org.jspecify.annotations.NullMarked
package dev.cxr.serve.cli;
