package dev.gangway.testkit;

import java.io.File;
import java.util.List;

/** What the tests run on. */
public final class TestClassPath {

    private TestClassPath() {}

    /** Directories and jars, in order. */
    public static List<String> entries() {
        return List.of(joined().split(File.pathSeparator));
    }

    /** The same as one text for {@code java -cp}. Surefire starts its JVM with a jar that only refers to the rest. */
    static String joined() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", ""));
    }
}
