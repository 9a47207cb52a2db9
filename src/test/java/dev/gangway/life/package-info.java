/** What a process that lives for months, and a server that is redeployed for years, must not lose. */
package dev.gangway.life;
