package dev.gangway.cli;

/** How a command ends; scripts rely on the numbers. */
enum ExitCode {
    /** Done, and nothing is wrong. */
    FINE(0),
    /** It failed. */
    FAILED(1),
    /** The command, an option or a setting is wrong (GW004); nothing was done. */
    USAGE(2),
    /** {@code status} or {@code validate} found something pending or invalid. */
    PENDING(3);

    private final int value;

    ExitCode(int value) {
        this.value = value;
    }

    /** {@return the number that the process ends with} */
    int value() {
        return value;
    }
}
