@org.jspecify.annotations.NullMarked
package dev.cxr.reproduction.cli;
