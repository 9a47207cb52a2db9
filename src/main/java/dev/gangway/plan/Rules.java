package dev.gangway.plan;

import dev.gangway.config.Settings.OnNewerSchema;
import dev.gangway.config.Settings.OutOfOrder;
import dev.gangway.migration.Version;
import org.jspecify.annotations.Nullable;

/**
 * The settings that decide what is pending.
 *
 * @param target the highest version to apply; null for no limit
 */
public record Rules(@Nullable Version target, OutOfOrder outOfOrder, OnNewerSchema onNewerSchema) {}
