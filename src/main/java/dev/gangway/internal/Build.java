package dev.gangway.internal;

import java.util.Objects;

/** Which version of Gangway this is. */
public final class Build {
    /** From the jar's manifest; {@code development} when the classes do not come out of a jar. */
    public static final String VERSION =
            Objects.requireNonNullElse(Build.class.getPackage().getImplementationVersion(), "development");

    private Build() {}
}
