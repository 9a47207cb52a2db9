package dev.gangway.execute;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a step that takes long is at. Immutable.
 *
 * @param step     the script, and which of its statements where they run one by one
 * @param running  since when
 * @param progress null when the server tells nothing about what it is doing
 */
public record StepProgress(
        String step, Duration running, @Nullable Progress progress) {}
