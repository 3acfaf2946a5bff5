@org.jspecify.annotations.NullMarked
package dev.cxr.eval.comparison;
