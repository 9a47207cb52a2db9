package dev.gangway.migration;

import dev.gangway.internal.Durations;
import dev.gangway.internal.Spelling;
import dev.gangway.sql.ScriptScanner;
import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlSyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the directives out of a script's leading comment. */
final class DirectiveReader {

    private static final List<String> KEYS = List.of(
            "type",
            "requires",
            "transaction",
            "when",
            "run",
            "repeat",
            "breaking",
            "lock-timeout",
            "risk",
            "placeholders");

    private static final String NAME = "gangway";

    private record Entry(String key, String value, int offset) {}

    private final SourceText script;
    private final String text;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private DirectiveReader(SourceText script) {
        this.script = script;
        this.text = script.text();
    }

    static Directives read(SourceText script) throws SqlSyntaxException {
        DirectiveReader reader = new DirectiveReader(script);
        int end = reader.readHeader();
        reader.refuseDirectivesBelow(end);
        return reader.entries.isEmpty() ? Directives.NONE : reader.directives();
    }

    /** Returns where the first token begins. */
    private int readHeader() throws SqlSyntaxException {
        int at = 0;
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("--", at)) {
                int end = endOfLine(at);
                int content = contentOfDirective(at);
                if (content >= 0) {
                    add(text.substring(content, end), at);
                }
                at = end;
            } else if (text.startsWith("/*", at)) {
                at = endOfBlockComment(at);
            } else {
                return at;
            }
        }
        return at;
    }

    /** Returns the offset behind {@code -- gangway:} when that, in any case and with any blanks, begins there; else -1. */
    private int contentOfDirective(int dashes) {
        int name = skipBlanks(skipDashes(dashes));
        if (!text.regionMatches(true, name, NAME, 0, NAME.length())) {
            return -1;
        }
        int colon = skipBlanks(name + NAME.length());
        return text.startsWith(":", colon) ? colon + 1 : -1;
    }

    /** Returns where the next line that looks like a directive has its dashes, or -1. */
    private int nextDirectiveLine(int from) {
        int dashes = text.indexOf("--", from);
        while (dashes >= 0 && !(beginsLine(dashes) && contentOfDirective(dashes) >= 0)) {
            dashes = text.indexOf("--", skipDashes(dashes));
        }
        return dashes;
    }

    private boolean beginsLine(int offset) {
        int at = offset;
        while (at > 0 && isBlank(text.charAt(at - 1))) {
            at--;
        }
        return at == 0 || text.charAt(at - 1) == '\n' || text.charAt(at - 1) == '\r';
    }

    private int skipDashes(int from) {
        int at = from;
        while (text.startsWith("-", at)) {
            at++;
        }
        return at;
    }

    private int skipBlanks(int from) {
        int at = from;
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private int endOfLine(int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
            at++;
        }
        return at;
    }

    /** Block comments nest in PostgreSQL. One that never ends is left to the lexer, which says so. */
    private int endOfBlockComment(int from) {
        int depth = 0;
        int at = from;
        while (at < text.length()) {
            if (text.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
                if (depth == 0) {
                    return at;
                }
            } else {
                at++;
            }
        }
        return at;
    }

    private void add(String content, int offset) throws SqlSyntaxException {
        int equals = content.indexOf('=');
        if (equals < 0) {
            throw error(
                    offset,
                    "The directive \"%s\" has no value. Write -- gangway: key=value, for example -- gangway: breaking=true."
                            .formatted(content.strip()));
        }
        String key = content.substring(0, equals).strip();
        String value = content.substring(equals + 1).strip();
        if (!KEYS.contains(key)) {
            String advice = Spelling.nearest(key, KEYS)
                    .map(near -> "Did you mean %s?".formatted(near))
                    .orElse("The directives are %s.".formatted(String.join(", ", KEYS)));
            throw error(offset, "Unknown directive \"%s\". %s".formatted(key, advice));
        }
        if (value.isEmpty()) {
            throw error(offset, "The directive %s has no value. Give it one or delete the line.".formatted(key));
        }
        if (entries.put(key, new Entry(key, value, offset)) != null) {
            throw error(offset, "The directive %s stands here a second time. Keep one of them.".formatted(key));
        }
    }

    /** Lines that merely look like directives, in a string, a function's body or COPY data, are left alone. */
    private void refuseDirectivesBelow(int header) throws SqlSyntaxException {
        int candidate = nextDirectiveLine(header);
        if (candidate < 0) {
            return;
        }
        ScriptScanner scanner = new ScriptScanner(script, true);
        for (ScriptScanner.Event event = scanner.next(); event != ScriptScanner.Event.END; event = scanner.next()) {
            if (event == ScriptScanner.Event.STATEMENT_END) {
                continue;
            }
            boolean token = event == ScriptScanner.Event.TOKEN;
            int start = token ? scanner.token().start() : scanner.start();
            int end = token ? scanner.token().end() : scanner.end();
            while (candidate < end) {
                if (candidate < start) {
                    throw misplaced(candidate);
                }
                candidate = nextDirectiveLine(skipDashes(candidate));
                if (candidate < 0) {
                    return;
                }
            }
        }
        throw misplaced(candidate);
    }

    private SqlSyntaxException misplaced(int offset) {
        return error(
                offset,
                "Directives stand in the leading comment, before the first statement. Move this line to the top of the"
                        + " file.");
    }

    private Directives directives() throws SqlSyntaxException {
        Directives none = Directives.NONE;
        return new Directives(
                choice("type", Directives.Type.class, none.type()),
                requires(),
                flag("transaction", "on", "off", none.transactional()),
                when(),
                only("run", "background"),
                only("repeat", "until-no-rows"),
                flag("breaking", "true", "false", none.breaking()),
                lockTimeout(),
                optionalChoice("risk", Directives.Risk.class),
                flag("placeholders", "on", "off", none.placeholders()));
    }

    private @Nullable String when() {
        Entry entry = entries.get("when");
        return entry == null ? null : entry.value();
    }

    private List<Version> requires() throws SqlSyntaxException {
        Entry entry = entries.get("requires");
        if (entry == null) {
            return List.of();
        }
        TreeSet<Version> versions = new TreeSet<>();
        for (String version : entry.value().split(",", -1)) {
            try {
                versions.add(Version.parse(version.strip()));
            } catch (IllegalArgumentException malformed) {
                throw error(entry.offset(), "In the directive requires, %s.".formatted(malformed.getMessage()));
            }
        }
        return List.copyOf(versions);
    }

    private @Nullable Duration lockTimeout() throws SqlSyntaxException {
        Entry entry = entries.get("lock-timeout");
        if (entry == null) {
            return null;
        }
        Duration duration = Durations.parse(entry.value()).orElse(null);
        if (duration == null) {
            throw wrong(entry, "a duration such as " + Durations.EXAMPLES);
        }
        return duration;
    }

    private boolean flag(String key, String yes, String no, boolean otherwise) throws SqlSyntaxException {
        Entry entry = entries.get(key);
        if (entry == null) {
            return otherwise;
        }
        if (entry.value().equalsIgnoreCase(yes)) {
            return true;
        }
        if (entry.value().equalsIgnoreCase(no)) {
            return false;
        }
        throw wrong(entry, yes + " or " + no);
    }

    private boolean only(String key, String value) throws SqlSyntaxException {
        Entry entry = entries.get(key);
        if (entry == null) {
            return false;
        }
        if (!entry.value().equalsIgnoreCase(value)) {
            throw wrong(entry, "only " + value);
        }
        return true;
    }

    private <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) throws SqlSyntaxException {
        E chosen = optionalChoice(key, type);
        return chosen == null ? otherwise : chosen;
    }

    private <E extends Enum<E>> @Nullable E optionalChoice(String key, Class<E> type) throws SqlSyntaxException {
        Entry entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(entry.value())) {
                return constant;
            }
        }
        List<String> choices = Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        throw wrong(entry, "one of " + String.join(", ", choices));
    }

    private SqlSyntaxException wrong(Entry entry, String right) {
        return error(
                entry.offset(),
                "The value \"%s\" of the directive %s is wrong: it is %s."
                        .formatted(entry.value(), entry.key(), right));
    }

    private SqlSyntaxException error(int offset, String problem) {
        return new SqlSyntaxException(script.positionAt(offset), problem);
    }
}
