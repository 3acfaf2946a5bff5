@org.jspecify.annotations.NullMarked
package dev.cxr.data.cli;
