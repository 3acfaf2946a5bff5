@org.jspecify.annotations.NullMarked
package dev.cxr.train.run;
