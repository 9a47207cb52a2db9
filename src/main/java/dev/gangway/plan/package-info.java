/** What has to be done: the files held against the history, without any input or output. */
@NullMarked
package dev.gangway.plan;

import org.jspecify.annotations.NullMarked;
