/** The migration packs that come with Gangway, each migrated on a real server. */
@NullMarked
package dev.gangway.packs;

import org.jspecify.annotations.NullMarked;
