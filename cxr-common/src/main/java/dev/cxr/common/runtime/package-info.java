@org.jspecify.annotations.NullMarked
package dev.cxr.common.runtime;
