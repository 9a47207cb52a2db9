/**
 * Small pure helpers that every package may use; not for users. This package depends on nothing but the JDK.
 */
@NullMarked
package dev.gangway.internal;

import org.jspecify.annotations.NullMarked;
