/** Mappings of other tools' histories, without a server. */
@NullMarked
package dev.gangway.adopt;

import org.jspecify.annotations.NullMarked;
