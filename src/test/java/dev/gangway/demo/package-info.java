/**
 * The demo behind {@code scripts/demo}: an application that knows a JDBC URL and nothing else makes this project's own
 * documentation searchable by similarity. {@link dev.gangway.demo.Demo} sets the stage and tells what happens;
 * {@link dev.gangway.demo.DocumentSearch} is the application.
 */
@NullMarked
package dev.gangway.demo;

import org.jspecify.annotations.NullMarked;
