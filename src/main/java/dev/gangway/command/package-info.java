/** What {@link dev.gangway.Gangway} and the command line do, one class for each command. */
@NullMarked
package dev.gangway.command;

import org.jspecify.annotations.NullMarked;
