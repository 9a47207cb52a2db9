/**
 * The Java agent, for applications that cannot change even their URL: what asks pgjdbc for a connection gets it through the
 * gate. It has nothing of Gangway's other packages on its own class path; see {@link dev.gangway.agent.GangwayAgent}.
 */
@NullMarked
package dev.gangway.agent;

import org.jspecify.annotations.NullMarked;
