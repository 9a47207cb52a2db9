/**
 * What the integration tests stand on: real servers, a real pooler, a proxy that counts round trips, processes and
 * class loaders of their own. Nothing here outlives the process that started it, even when that process is killed.
 *
 * <p>Start with {@link dev.gangway.testkit.TestServer}: one server for the whole test run, a fresh database for each
 * test.
 */
@NullMarked
package dev.gangway.testkit;

import org.jspecify.annotations.NullMarked;
