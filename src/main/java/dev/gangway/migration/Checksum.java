package dev.gangway.migration;

import dev.gangway.sql.ScriptScanner;
import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlScript;
import dev.gangway.sql.SqlStatement;
import dev.gangway.sql.SqlSyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a script says, regardless of how it is laid out. Two scripts with the same checksum consist of the same tokens, in
 * the same statements, with the same data, directives, placeholder values and data files; their indentation, line ends,
 * comments and empty statements may differ.
 *
 * <p><b>Format</b>, which must never change, for the history of every database holds these values and a migration whose
 * checksum has changed is taken for a file that was edited. A change would need a new prefix in front of the value and the old
 * way kept beside it. What is hashed with SHA-256 is a sequence of records, each a tag (one ASCII letter), a content in UTF-8
 * and the byte 0xFF, which UTF-8 never contains; so no two sequences look alike:
 *
 * <pre>
 * G  "1", or "1 prefix" for the statements that were executed         once, at the beginning
 * D  a directive's key        d  its value                            in the keys' order
 * P  a placeholder's name     p  its value                            in the names' order
 * F  a data file's name       f  its SHA-256 in hexadecimal           in the names' order
 * T  a token as it is written; of a string that goes on behind a line end, its first part
 * S  a further part of such a string
 * A  (empty) between two tokens that touch, one of which is a placeholder and the other none of , ( ) [ ] ;
 *    because ${a}b may be one identifier, which ${a} b never is
 * C  (empty) COPY data follows
 * L  one line of it
 * B  (empty) a \copy; T for the table and FROM, F for the file's name, T for the options follow
 * E  (empty) the statement ends
 * </pre>
 *
 * <p>In a statement that was executed, <code>\copy</code> is the {@code COPY … FROM STDIN} that the server gets to see, with
 * F and f in front of E; and <code>${gangway:file:NAME}</code> is what {@link dev.gangway.sql.TextLiteral} makes of the file.
 *
 * <p>CR LF counts as LF wherever it is written. Case counts. Where a token begins and ends is {@link dev.gangway.sql.Lexer}'s
 * to say, so its rules are part of this format.
 *
 * @param value {@code sha256:} and 64 hexadecimal digits in lower case; of a migration in Java, what it says itself
 */
public record Checksum(String value) {

    /** {@return the checksum of a script that mentions no files, as the other method} */
    public static Checksum of(
            SourceText raw, Map<String, String> directives, SortedMap<String, String> usedPlaceholderValues)
            throws SqlSyntaxException {
        return of(raw, directives, usedPlaceholderValues, Collections.emptySortedMap());
    }

    /**
     * {@return the checksum of a script}
     *
     * @param raw as in the file, its placeholders not replaced: they are hashed by their names
     * @param directives all that have a meaning for the migration
     * @param usedPlaceholderValues of those placeholders whose change shall make the migration another one
     * @param fileDigests of the data files that it mentions, by their names
     * @throws SqlSyntaxException as {@link SqlScript#parse}
     */
    public static Checksum of(
            SourceText raw,
            Map<String, String> directives,
            SortedMap<String, String> usedPlaceholderValues,
            SortedMap<String, String> fileDigests)
            throws SqlSyntaxException {
        TokenDigest digest = new TokenDigest();
        digest.record('G', "1");
        for (Map.Entry<String, String> directive : new TreeMap<>(directives).entrySet()) {
            digest.pair('D', directive.getKey(), 'd', directive.getValue());
        }
        for (Map.Entry<String, String> placeholder : new TreeMap<>(usedPlaceholderValues).entrySet()) {
            digest.pair('P', placeholder.getKey(), 'p', placeholder.getValue());
        }
        for (Map.Entry<String, String> file : new TreeMap<>(fileDigests).entrySet()) {
            digest.pair('F', file.getKey(), 'f', file.getValue());
        }
        digest.script(new ScriptScanner(raw, true), raw.text());
        return digest.checksum();
    }

    /**
     * {@return the checksum of the first statements of a script, by which one knows them again when the rest was edited}
     *
     * @param prefix with placeholders replaced
     * @param fileDigests of the data files that they load, by their names
     */
    public static Checksum ofStatements(List<SqlStatement> prefix, Map<String, String> fileDigests) {
        TokenDigest digest = new TokenDigest();
        digest.record('G', "1 prefix");
        for (SqlStatement statement : prefix) {
            digest.statement(statement, fileDigests);
        }
        return digest.checksum();
    }

    /** {@return the value} */
    @Override
    public String toString() {
        return value;
    }
}
