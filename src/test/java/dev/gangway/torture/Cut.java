package dev.gangway.torture;

import dev.gangway.testkit.Moment;

/** One death: of what, and how far which message, from 1, has come then. */
record Cut(Blow blow, Moment moment, int message) {
    @Override
    public String toString() {
        return blow + " " + moment + " " + message;
    }
}
