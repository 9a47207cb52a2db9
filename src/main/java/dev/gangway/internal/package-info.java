/**
 * Small helpers that every package may use; not for users. This package depends on nothing but the JDK and SLF4J.
 */
@NullMarked
package dev.gangway.internal;

import org.jspecify.annotations.NullMarked;
