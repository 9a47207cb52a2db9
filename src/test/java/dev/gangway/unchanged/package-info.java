/** Applications that know nothing of Gangway, for the tests of the agent. What they do is what they print. */
package dev.gangway.unchanged;
