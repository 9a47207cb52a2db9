/** The pgvector extension: what the server has of it, and its types made known to a connection. */
@NullMarked
package dev.gangway.pgvector;

import org.jspecify.annotations.NullMarked;
