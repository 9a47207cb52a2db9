package dev.gangway.adopt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.regex.Pattern.CASE_INSENSITIVE;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the changesets of an SQL file in Liquibase's format, as Liquibase's own {@code AbstractFormattedChangeLogParser}
 * does: line by line, and with no eye for strings. Used once.
 */
final class LiquibaseChangelog {
    private static final Pattern CHANGESET =
            Pattern.compile("\\s*--\\s*changeset\\s+(\"[^\"]+\"|[^:]+):\\s*(\"[^\"]+\"|\\S+)(.*)", CASE_INSENSITIVE);
    private static final Pattern RUN_ON_CHANGE = Pattern.compile(".*\\brunOnChange:true\\b.*", CASE_INSENSITIVE);
    private static final Pattern IGNORE = Pattern.compile(".*\\bignore:true\\b.*", CASE_INSENSITIVE);
    private static final Pattern VALID_CHECKSUM = Pattern.compile("--\\s*validCheckSum:? (.*)", CASE_INSENSITIVE);
    /** What is no part of a changeset's SQL. */
    private static final Pattern ABOUT = Pattern.compile(
            "--\\s*comment:? .*|\\s*--\\s*rollback .*|\\s*--\\s*preconditions.*|\\s*--\\s*precondition-[a-z0-9-]+( .*)?",
            CASE_INSENSITIVE);

    private static final Pattern ROLLBACK_BEGINS =
            Pattern.compile("\\s*/\\*\\s*liquibase\\s*rollback\\s*", CASE_INSENSITIVE);
    private static final Pattern ROLLBACK_ENDS = Pattern.compile(".*\\*/\\s*");
    /** What changes the text before Liquibase sums it up; whoever uses it is not verified. */
    private static final Pattern REWRITES =
            Pattern.compile("\\s*--\\s*property\\s+.*|--\\s*ignoreLines:.*", CASE_INSENSITIVE);

    /**
     * A changeset.
     *
     * @param checksum        Liquibase's own, of its version 9 (since 4.22); null where it cannot be told from the file
     * @param validChecksums  others that Liquibase is told to take as well
     * @param runOnChange     whether it runs again when it has changed
     */
    record Changeset(
            String author, String id, @Nullable String checksum, List<String> validChecksums, boolean runOnChange) {

        /** {@return as Liquibase's messages name it, without the file} */
        String name() {
            return author + ":" + id;
        }

        /** {@return whether it is what was applied, as far as can be told} */
        boolean matches(String recorded) {
            return checksum == null
                    || checksum.equals(recorded)
                    || validChecksums.stream()
                            .anyMatch(valid -> valid.equals(recorded)
                                    || valid.toLowerCase(Locale.ROOT).endsWith("any"));
        }
    }

    private final Iterator<String> lines;
    private final List<Changeset> changesets = new ArrayList<>();
    private final StringBuilder sql = new StringBuilder();
    private final List<String> validChecksums = new ArrayList<>();
    private @Nullable Matcher begun;
    private boolean rewritten;

    private LiquibaseChangelog(String text) {
        this.lines = text.lines().iterator();
    }

    /** {@return the changesets of the text, without those that Liquibase is told to ignore} */
    static List<Changeset> parse(String text) {
        LiquibaseChangelog changelog = new LiquibaseChangelog(text);
        changelog.read();
        return List.copyOf(changelog.changesets);
    }

    private void read() {
        while (lines.hasNext()) {
            String line = lines.next();
            Matcher changeset = CHANGESET.matcher(line);
            Matcher valid = VALID_CHECKSUM.matcher(line);
            if (changeset.matches()) {
                finish();
                begun = changeset;
            } else if (REWRITES.matcher(line).matches()) {
                rewritten = true;
            } else if (valid.matches()) {
                validChecksums.add(valid.group(1).strip());
            } else if (ROLLBACK_BEGINS.matcher(line).matches()) {
                skipRollback();
            } else if (begun != null && !ABOUT.matcher(line).matches()) {
                sql.append(line).append('\n');
            }
        }
        finish();
    }

    private void skipRollback() {
        while (lines.hasNext()) {
            if (ROLLBACK_ENDS.matcher(lines.next()).matches()) {
                return;
            }
        }
    }

    private void finish() {
        Matcher head = begun;
        if (head != null && !IGNORE.matcher(head.group(3)).matches()) {
            boolean computable = !rewritten && sql.indexOf("${") < 0;
            changesets.add(new Changeset(
                    unquoted(head.group(1)),
                    unquoted(head.group(2)),
                    computable ? checksum(sql.toString()) : null,
                    List.copyOf(validChecksums),
                    RUN_ON_CHANGE.matcher(head.group(3)).matches()));
        }
        sql.setLength(0);
        validChecksums.clear();
    }

    private static String unquoted(String text) {
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    /** A sum over the sums of all changes; a changeset in SQL has one change. */
    private static String checksum(String sql) {
        StringBuilder dense = new StringBuilder(sql.length());
        // What strip() takes away besides, Liquibase's trim takes away as well.
        sql.strip().chars().filter(c -> " \n\r\t".indexOf(c) < 0).forEach(c -> dense.append((char) c));
        return "9:" + md5("9:" + md5(dense.toString()) + ":");
    }

    private static String md5(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
