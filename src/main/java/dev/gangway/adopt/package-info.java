/**
 * Taking over the histories of other migration tools: one pure mapping for each tool from what it recorded to our files,
 * and the one transaction that writes the result down.
 */
@NullMarked
package dev.gangway.adopt;

import org.jspecify.annotations.NullMarked;
