package dev.gangway.torture;

import dev.gangway.JavaMigration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A schema as it stands, the files that a process brings along, and what it does with them. Written down once, at the
 * beginning; from then on read by many threads.
 */
final class Scenario {
    /** In a setting: the folder that belongs to the scenario. */
    static final String DIRECTORY = "@directory";

    private final String name;
    private final Map<String, String> earlierFiles = new LinkedHashMap<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private final List<String> settings = new ArrayList<>();
    private List<Class<? extends JavaMigration>> classes = List.of();
    private Set<String> background = Set.of();
    private String sql = "";
    private Action action = Action.CONNECT;
    private boolean earlierFails;
    private boolean atomic;
    private boolean once;
    private int every = 1;

    private Scenario(String name) {
        this.name = name;
    }

    static Scenario of(String name) {
        return new Scenario(name);
    }

    /** A file that an earlier version of the application had and has applied, and that is still there. */
    Scenario earlier(String file, String text) {
        earlierFiles.put(file, text);
        return file(file, text);
    }

    /** The last one of the earlier files has failed. */
    Scenario earlierFails() {
        earlierFails = true;
        return this;
    }

    /** SQL that somebody has run after that. */
    Scenario then(String statements) {
        sql = statements;
        return this;
    }

    /** A file that the process has. */
    Scenario file(String file, String text) {
        files.put(file, text);
        return this;
    }

    /** Classes that are declared, for the earlier version too. */
    Scenario classes(List<Class<? extends JavaMigration>> declared) {
        classes = declared;
        return this;
    }

    /** A setting such as {@code gangway.transaction=all}, for the earlier version too. */
    Scenario setting(String setting) {
        settings.add(setting);
        return this;
    }

    Scenario does(Action what) {
        action = what;
        return this;
    }

    /** Scripts that are applied beside the application. */
    Scenario inBackground(String... scripts) {
        background = Set.of(scripts);
        return this;
    }

    /** It is one transaction, so there is nothing between the beginning and the end. */
    Scenario inOneTransaction() {
        atomic = true;
        return this;
    }

    /** Its action does something else when it is repeated. */
    Scenario onlyOnce() {
        once = true;
        return this;
    }

    /** It sends many messages that are much the same, of which so many deserve one cut. */
    Scenario everyOf(int messages) {
        every = messages;
        return this;
    }

    String name() {
        return name;
    }

    Map<String, String> earlierFiles() {
        return earlierFiles;
    }

    Map<String, String> files() {
        return files;
    }

    List<String> settings() {
        return settings;
    }

    List<Class<? extends JavaMigration>> classes() {
        return classes;
    }

    Set<String> background() {
        return background;
    }

    String sql() {
        return sql;
    }

    Action action() {
        return action;
    }

    boolean hasFailedEarlier() {
        return earlierFails;
    }

    boolean isRepeatable() {
        return !once;
    }

    int every() {
        return every;
    }

    boolean isAtomic() {
        return atomic;
    }

    /** Whether afterwards the schema is what the files say. */
    boolean endsCurrent() {
        return action == Action.CONNECT;
    }

    @Override
    public String toString() {
        return name;
    }
}
