package dev.gangway.internal;

/** ASCII digits in texts, without the cost of a regular expression. */
public final class Digits {

    private Digits() {}

    /** {@return whether the text is a whole number of at most that many digits} */
    public static boolean isNumber(String text, int atMost) {
        return !text.isEmpty() && text.length() <= atMost && end(text, 0) == text.length();
    }

    /** {@return the offset behind the digits that begin at {@code from}; {@code from} itself where there are none} */
    public static int end(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
