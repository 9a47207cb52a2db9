package dev.gangway.testkit;

/** How much the tests that go on for long are to do: a sample, or with {@code -Dtest.torture=true} everything. */
public final class Torture {

    private Torture() {}

    /** Whether everything is asked for, as {@code scripts/torture} does. */
    public static boolean full() {
        return Boolean.getBoolean("test.torture");
    }
}
