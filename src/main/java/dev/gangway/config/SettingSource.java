package dev.gangway.config;

/** Where a setting stands, strongest first. */
public enum SettingSource {
    /** A {@code gangway.*} parameter of the JDBC URL. */
    URL("the JDBC URL"),
    /** The properties given to {@code Driver.connect}. */
    PROPERTIES("the connection properties"),
    /** {@code -Dgangway.x=…}. */
    SYSTEM_PROPERTY("the system properties"),
    /** {@code GANGWAY_X}. */
    ENVIRONMENT("the environment"),
    /** {@code gangway.properties} on the class path. */
    FILE("gangway.properties"),
    /** Nowhere. */
    DEFAULT("the defaults");

    private final String label;

    SettingSource(String label) {
        this.label = label;
    }

    /** {@return how a message names it: "the JDBC URL"} */
    public String label() {
        return label;
    }
}
