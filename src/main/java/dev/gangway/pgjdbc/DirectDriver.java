package dev.gangway.pgjdbc;

import org.postgresql.Driver;

/**
 * pgjdbc's driver for Gangway's own connections. Its class is what the agent knows them by (so its name stands in {@code
 * GatedConnect}): with the agent, pgjdbc's own class asks the gate, and the gate must not ask itself.
 */
final class DirectDriver extends Driver {}
