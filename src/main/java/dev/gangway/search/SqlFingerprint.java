package dev.gangway.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gangway.search.JdbcTokens.Kind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What SQL texts have in common that differ in constants, white space, comments and capitals only. */
final class SqlFingerprint {
    private static final int BYTES = 8;

    private SqlFingerprint() {}

    /** {@return the first bytes of the SHA-256 of the tokens, constants and parameters taken for one another} */
    static String of(JdbcTokens tokens) {
        StringBuilder normal = new StringBuilder();
        for (int at = 0; at < tokens.size(); at++) {
            boolean constant = isConstant(tokens.kind(at));
            // However many constants an IN list has, it is one.
            if (constant && at >= 2 && tokens.isPunctuation(at - 1, ",") && isConstant(tokens.kind(at - 2))) {
                normal.setLength(normal.length() - ", ".length());
                continue;
            }
            normal.append(constant ? "?" : tokens.isName(at) ? tokens.name(at) : tokens.text(at))
                    .append(' ');
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(normal.toString().getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static boolean isConstant(Kind kind) {
        return kind == Kind.STRING || kind == Kind.NUMBER || kind == Kind.PARAMETER;
    }
}
