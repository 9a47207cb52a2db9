/**
 * Carries out a plan: one class per kind of step, each step fenced, and the error report when one fails.
 */
@NullMarked
package dev.gangway.execute;

import org.jspecify.annotations.NullMarked;
