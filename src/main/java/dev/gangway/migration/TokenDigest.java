package dev.gangway.migration;

import dev.gangway.sql.Lexer;
import dev.gangway.sql.PsqlCopy;
import dev.gangway.sql.ScriptScanner;
import dev.gangway.sql.SqlStatement;
import dev.gangway.sql.SqlSyntaxException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** Writes {@link Checksum}'s format into a digest, without ever holding more than a buffer of it. Not thread-safe. */
final class TokenDigest {
    private static final byte RECORD_END = (byte) 0xFF;

    private final MessageDigest sha256;
    private final byte[] buffer = new byte[16 * 1024];
    private int used;

    private boolean afterPlaceholder;
    private boolean afterSeparator;
    private int lastEnd = -1;

    TokenDigest() {
        sha256 = sha256();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256, but this one does not.", e);
        }
    }

    Checksum checksum() {
        sha256.update(buffer, 0, used);
        used = 0;
        return new Checksum("sha256:" + HexFormat.of().formatHex(sha256.digest()));
    }

    void record(char tag, String content) {
        record(tag, content, 0, content.length());
    }

    void pair(char keyTag, String key, char valueTag, String value) {
        record(keyTag, key);
        record(valueTag, value);
    }

    void script(ScriptScanner scanner, String text) throws SqlSyntaxException {
        while (true) {
            switch (scanner.next()) {
                case TOKEN -> token(scanner.token(), text);
                case COPY_DATA -> copyData(text, scanner.start(), scanner.end());
                case PSQL_COPY -> psqlCopy(scanner.psqlCopy(), text);
                case STATEMENT_END -> endStatement();
                case END -> {
                    return;
                }
            }
        }
    }

    /** @param digests of data files, by their names */
    void statement(SqlStatement statement, Map<String, String> digests) {
        String text = statement.source().text();
        statement.forEachToken(lexer -> token(lexer, text));
        String data = statement.copyData();
        if (data != null) {
            copyData(data, 0, data.length());
        }
        String file = statement.dataFile();
        if (file != null) {
            pair('F', file, 'f', digests.getOrDefault(file, ""));
        }
        endStatement();
    }

    private void psqlCopy(PsqlCopy copy, String text) throws SqlSyntaxException {
        record('B', "");
        tokens(new Lexer(copy.source(), copy.tableStart(), copy.fileStart(), true), text);
        record('F', copy.file());
        tokens(new Lexer(copy.source(), copy.fileEnd(), copy.end(), true), text);
    }

    private void tokens(Lexer lexer, String text) throws SqlSyntaxException {
        while (lexer.next()) {
            token(lexer, text);
        }
    }

    private void token(Lexer token, String text) {
        boolean placeholder = token.kind() == Lexer.Kind.PLACEHOLDER;
        boolean separator = token.kind() == Lexer.Kind.PUNCTUATION && ",()[];".indexOf(text.charAt(token.start())) >= 0;
        if (token.start() == lastEnd && (placeholder ? !afterSeparator : afterPlaceholder && !separator)) {
            record('A', "");
        }
        afterPlaceholder = placeholder;
        afterSeparator = separator;
        lastEnd = token.end();
        char tag = 'T';
        int start = token.start();
        for (int i = 0; i < token.breakCount(); i++) {
            record(tag, text, start, token.breakStart(i));
            tag = 'S';
            start = token.breakEnd(i);
        }
        record(tag, text, start, token.end());
    }

    private void copyData(String text, int from, int to) {
        record('C', "");
        int line = from;
        while (line < to) {
            int newLine = text.indexOf('\n', line);
            int end = newLine < 0 ? to : newLine;
            int next = newLine < 0 ? to : newLine + 1;
            boolean carriageReturn = newLine > line && text.charAt(newLine - 1) == '\r';
            record('L', text, line, carriageReturn ? end - 1 : end);
            line = next;
        }
    }

    private void endStatement() {
        record('E', "");
        lastEnd = -1;
    }

    private void record(char tag, String text, int from, int to) {
        put((byte) tag);
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '\r' && i + 1 < to && text.charAt(i + 1) == '\n') {
                continue;
            }
            if (c < 0x80) {
                put((byte) c);
            } else if (Character.isHighSurrogate(c) && i + 1 < to && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                character(Character.toCodePoint(c, text.charAt(i)));
            } else {
                character(c);
            }
        }
        put(RECORD_END);
    }

    /** UTF-8, but also takes half of a surrogate pair, which no file holds but a text built in memory may. */
    private void character(int codePoint) {
        if (codePoint < 0x800) {
            put((byte) (0xC0 | codePoint >> 6));
        } else {
            if (codePoint < 0x10000) {
                put((byte) (0xE0 | codePoint >> 12));
            } else {
                put((byte) (0xF0 | codePoint >> 18));
                put((byte) (0x80 | (codePoint >> 12 & 0x3F)));
            }
            put((byte) (0x80 | (codePoint >> 6 & 0x3F)));
        }
        put((byte) (0x80 | (codePoint & 0x3F)));
    }

    private void put(byte b) {
        if (used == buffer.length) {
            sha256.update(buffer, 0, used);
            used = 0;
        }
        buffer[used++] = b;
    }
}
