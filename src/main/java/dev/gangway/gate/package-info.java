/**
 * Lets connections through when the schema is ready: one gate for each target of this process, behind which at most one
 * thread finds out or brings about that it is.
 */
@NullMarked
package dev.gangway.gate;

import org.jspecify.annotations.NullMarked;
