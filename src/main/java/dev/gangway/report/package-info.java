/**
 * What the commands of {@link dev.gangway.Gangway} answer: plain immutable records. Names of their components are the keys
 * of the command line's {@code --json}.
 */
@NullMarked
package dev.gangway.report;

import org.jspecify.annotations.NullMarked;
