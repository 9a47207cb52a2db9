package dev.gangway.catalog;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.migration.Checksum;
import dev.gangway.migration.DataFiles;
import dev.gangway.migration.Directives;
import dev.gangway.migration.FileName;
import dev.gangway.migration.Kind;
import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import dev.gangway.sql.Placeholders;
import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlSyntaxException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes migrations out of files: reads their names and contents, and brings scripts and their companions together. */
final class MigrationAssembler {

    private record Script(
            ScriptFile file, Kind kind, @Nullable Version version, String description) {}

    private final Function<String, @Nullable String> placeholders;
    /** Like the companions below, by the path of the migration's file. */
    private final Map<String, Script> scripts = new LinkedHashMap<>();

    private final Map<String, ScriptFile> undo = new TreeMap<>();
    private final Map<String, ScriptFile> verify = new TreeMap<>();
    private final Map<Version, ScriptFile> undoVersions = new TreeMap<>();

    private MigrationAssembler(Function<String, @Nullable String> placeholders) {
        this.placeholders = placeholders;
    }

    static MigrationSet assemble(List<ScriptFile> files, Function<String, @Nullable String> placeholders)
            throws SQLException {
        MigrationAssembler assembler = new MigrationAssembler(placeholders);
        for (ScriptFile file : withoutCopies(files)) {
            assembler.add(file);
        }
        assembler.refuseDuplicates();
        List<Migration> migrations = new ArrayList<>(assembler.scripts.size());
        for (Script script : assembler.scripts.values()) {
            migrations.add(assembler.migration(script));
        }
        assembler.refuseOrphans();
        return new MigrationSet(migrations);
    }

    /** The same file is found twice when the class path has an entry twice, or when one location holds another. */
    private static Collection<ScriptFile> withoutCopies(List<ScriptFile> files) throws SQLException {
        Map<String, ScriptFile> byOrigin = new LinkedHashMap<>();
        for (ScriptFile file : files) {
            byOrigin.putIfAbsent(file.origin(), file);
        }
        Map<String, ScriptFile> byPath = new LinkedHashMap<>();
        for (ScriptFile file : byOrigin.values()) {
            ScriptFile first = byPath.putIfAbsent(file.path(), file);
            if (first != null && !first.source().text().equals(file.source().text())) {
                throw disagree(
                        ("Two different files have the same name: %s and %s. Rename one, or take one out of the class"
                                        + " path or gangway.locations.")
                                .formatted(first.describe(file), file.describe(first)));
            }
        }
        return byPath.values();
    }

    private void add(ScriptFile file) throws SQLException {
        FileName name = FileName.parse(file.fileName());
        if (name instanceof FileName.Versioned versioned) {
            scripts.put(file.path(), new Script(file, Kind.VERSIONED, versioned.version(), versioned.description()));
        } else if (name instanceof FileName.Repeatable repeatable) {
            scripts.put(file.path(), new Script(file, Kind.REPEATABLE, null, repeatable.description()));
        } else if (name instanceof FileName.Undo companion) {
            undo.put(file.sibling(companion.of()), file);
        } else if (name instanceof FileName.Verify companion) {
            verify.put(file.sibling(companion.of()), file);
        } else if (name instanceof FileName.UndoVersion companion) {
            ScriptFile first = undoVersions.putIfAbsent(companion.version(), file);
            if (first != null) {
                throw twoUndos(first, file);
            }
        } else if (name instanceof FileName.Malformed malformed) {
            throw new GangwayException.Permanent(
                    Code.MIGRATION_FAILED,
                    "The file %s cannot be taken as a migration: %s.".formatted(file.source(), malformed.problem()));
        }
    }

    private void refuseDuplicates() throws SQLException {
        Map<Version, Script> versions = new HashMap<>();
        Map<String, Script> repeatables = new HashMap<>();
        for (Script script : scripts.values()) {
            Version version = script.version();
            Script first = version == null
                    ? repeatables.putIfAbsent(script.description(), script)
                    : versions.putIfAbsent(version, script);
            if (first != null) {
                String what = version == null
                        ? "Two repeatable migrations have the description \"%s\"".formatted(script.description())
                        : "Two migrations have the version %s".formatted(version.canonical());
                throw disagree("%s: %s and %s. Rename the one that was not applied anywhere yet."
                        .formatted(
                                what,
                                first.file().describe(script.file()),
                                script.file().describe(first.file())));
            }
        }
    }

    private Migration migration(Script script) throws SQLException {
        SourceText source = script.file().source();
        String path = script.file().path();
        try {
            ForeignSections.refuse(source, script.file().fileName());
            Directives directives = Directives.parse(source);
            DataFiles files = DataFiles.of(
                    source, directives.placeholders(), script.file().attachments());
            return new Migration(
                    script.kind(),
                    script.version(),
                    script.description(),
                    path,
                    source,
                    directives,
                    Checksum.of(source, directives.asMap(), valuesThatCount(script, directives), files.digests()),
                    text(undoOf(script)),
                    text(verify.remove(path)),
                    files,
                    null);
        } catch (SqlSyntaxException wrong) {
            throw ScriptFile.unreadable(wrong);
        }
    }

    /** A versioned migration ran with the values of its day, and another value today does not make it another one. */
    private SortedMap<String, String> valuesThatCount(Script script, Directives directives) throws SqlSyntaxException {
        SortedMap<String, String> values = new TreeMap<>();
        if (script.kind() == Kind.REPEATABLE && directives.placeholders()) {
            for (String name : Placeholders.names(script.file().source())) {
                String value = placeholders.apply(name);
                if (value == null) {
                    // A default counts with the text that it stands in.
                    value = placeholders.apply(Placeholders.withoutDefault(name));
                }
                if (value != null) {
                    values.put(name, value);
                }
            }
        }
        return values;
    }

    private @Nullable ScriptFile undoOf(Script script) throws SQLException {
        ScriptFile beside = undo.remove(script.file().path());
        ScriptFile byVersion = script.version() == null ? null : undoVersions.remove(script.version());
        if (beside != null && byVersion != null) {
            throw twoUndos(beside, byVersion);
        }
        return beside == null ? byVersion : beside;
    }

    private static @Nullable SourceText text(@Nullable ScriptFile file) {
        return file == null ? null : file.source();
    }

    /** What no migration has taken belongs to none. */
    private void refuseOrphans() throws SQLException {
        for (Map<String, ScriptFile> companions : List.of(undo, verify)) {
            for (Map.Entry<String, ScriptFile> orphan : companions.entrySet()) {
                throw disagree(
                        ("The file %s belongs to a migration %s, which does not exist. Name it after its migration,"
                                        + " or delete it.")
                                .formatted(orphan.getValue().source(), orphan.getKey()));
            }
        }
        for (Map.Entry<Version, ScriptFile> orphan : undoVersions.entrySet()) {
            throw disagree(
                    ("The file %s undoes version %s, which no migration has. Give it the version of its migration,"
                                    + " or delete it.")
                            .formatted(orphan.getValue().source(), orphan.getKey()));
        }
    }

    private static SQLException twoUndos(ScriptFile one, ScriptFile other) {
        return disagree("Two files undo the same migration: %s and %s. Delete one of them."
                .formatted(one.describe(other), other.describe(one)));
    }

    private static SQLException disagree(String message) {
        return new GangwayException.Permanent(Code.HISTORY_MISMATCH, message);
    }
}
