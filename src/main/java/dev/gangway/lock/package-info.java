/** The lock that makes one process of the fleet the leader, and what others can see of it. */
@NullMarked
package dev.gangway.lock;

import org.jspecify.annotations.NullMarked;
