package dev.gangway.sql;

/** Case the way PostgreSQL sees it in a UTF-8 database: only A to Z have any. */
final class Ascii {
    private Ascii() {}

    /** Whether the stretch of the text is the word, which is written in upper case. */
    static boolean isWord(String text, int start, int end, String upperCaseWord) {
        int length = upperCaseWord.length();
        if (end - start != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (toUpper(text.charAt(start + i)) != upperCaseWord.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static char toUpper(char c) {
        return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
    }

    static String toUpper(String word) {
        StringBuilder upper = new StringBuilder(word.length());
        for (int i = 0; i < word.length(); i++) {
            upper.append(toUpper(word.charAt(i)));
        }
        return upper.toString();
    }

    static String toLower(String word) {
        StringBuilder lower = new StringBuilder(word.length());
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            lower.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
        return lower.toString();
    }
}
