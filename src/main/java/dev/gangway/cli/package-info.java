/**
 * The command line. Each command is a class that asks {@link dev.gangway.Gangway} and renders the report that it gets;
 * what is rendered how is a pure function of the report.
 *
 * <p>Its libraries are optional dependencies, which only the {@code -all} jar holds: nothing outside of this package knows
 * it or them.
 */
@NullMarked
package dev.gangway.cli;

import org.jspecify.annotations.NullMarked;
