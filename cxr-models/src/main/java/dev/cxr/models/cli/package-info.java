@org.jspecify.annotations.NullMarked
package dev.cxr.models.cli;
