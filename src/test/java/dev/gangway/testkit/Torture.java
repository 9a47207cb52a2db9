package dev.gangway.testkit;

/** How much the tests try that break things on purpose: a sample by default, everything for {@code scripts/torture}. */
public final class Torture {

    private Torture() {}

    /** Whether to make every cut, and as large a fleet as is promised; set by {@code -Dtest.torture=true}. */
    public static boolean full() {
        return Boolean.getBoolean("test.torture");
    }
}
