/**
 * PostgreSQL's SQL as text: a lexer with the server's own rules, scripts split into statements the way psql does it,
 * placeholders, and what can be known of a statement without running it. Everything knows where in its file it stands.
 * Needs nothing but the JDK.
 */
@NullMarked
package dev.gangway.sql;

import org.jspecify.annotations.NullMarked;
