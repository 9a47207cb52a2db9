package dev.gangway.config;

import dev.gangway.internal.Sizes;

/**
 * How far {@code maintenance_work_mem} may be raised while a vector index is built.
 *
 * @param kilobytes the limit; meaningless unless the kind is {@link Kind#SIZE}
 */
public record MemoryLimit(Kind kind, long kilobytes) {
    /** Twice the server's shared_buffers. */
    public static final MemoryLimit AUTO = new MemoryLimit(Kind.AUTO, 0);

    /** Nothing is set for a build. */
    public static final MemoryLimit OFF = new MemoryLimit(Kind.OFF, 0);

    /** How the limit is found. */
    public enum Kind {
        AUTO,
        OFF,
        SIZE
    }

    static MemoryLimit ofKilobytes(long kilobytes) {
        return new MemoryLimit(Kind.SIZE, kilobytes);
    }

    /** {@return the limit as it stands in the setting} */
    @Override
    public String toString() {
        return switch (kind) {
            case AUTO -> "auto";
            case OFF -> "off";
            case SIZE -> Sizes.format(kilobytes);
        };
    }
}
