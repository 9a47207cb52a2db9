package dev.gangway.testkit;

/** How much of what could be tried is tried: a sample, or all of it when the system property {@code test.torture} is set. */
public final class Torture {

    private Torture() {}

    /** {@return whether everything is to be tried, however long it takes} */
    public static boolean full() {
        return Boolean.getBoolean("test.torture");
    }
}
