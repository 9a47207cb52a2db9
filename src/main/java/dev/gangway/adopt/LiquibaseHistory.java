package dev.gangway.adopt;

import dev.gangway.adopt.LiquibaseChangelog.Changeset;
import dev.gangway.migration.Kind;
import dev.gangway.migration.Migration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Liquibase's table {@code databasechangelog}, filled by changelogs in SQL.
 *
 * @param rows     in the order of execution
 * @param lockedBy who holds Liquibase's lock; null when nobody does
 */
record LiquibaseHistory(List<Row> rows, @Nullable String lockedBy) implements ForeignHistory {
    private static final Set<String> RAN = Set.of("EXECUTED", "RERAN", "MARK_RAN");

    /** Under this name Liquibase records a file that has no changesets. */
    private static final String WHOLE_FILE_AUTHOR = "includeAll";

    private static final String WHOLE_FILE_ID = "raw";

    private static final String FILE_FOR_EACH =
            "put these changesets, with their --changeset lines, into SQL files with"
                    + " versions (liquibase update-sql writes SQL for changelogs in other formats); then connect again";
    private static final String ALL_OR_NONE =
            "let Liquibase run the rest of these files (look at their contexts and labels too), or move what it has not"
                    + " run into files of their own; then connect again";
    private static final String PUT_BACK = "put these changesets back as they were when Liquibase applied them; or, if"
            + " they are right as they are, let \"liquibase clear-checksums\" forget the sums";
    private static final String TELL_APART =
            "let the end of each file's name, behind its version, be the name that it has under Liquibase:"
                    + " users.sql becomes V1__users.sql";

    /**
     * One changeset that has run, or not.
     *
     * @param file   the changelog's file as Liquibase knows it
     * @param how    EXECUTED, RERAN, MARK_RAN, FAILED or SKIPPED
     * @param md5sum null where Liquibase has none
     */
    record Row(
            String id,
            String author,
            String file,
            String how,
            @Nullable String md5sum) {
        String name() {
            return author + ":" + id;
        }

        String place() {
            return name() + " (" + file + ")";
        }
    }

    @Override
    public String tool() {
        return "Liquibase";
    }

    @Override
    public Mapping onto(List<Migration> files) {
        if (lockedBy != null) {
            return Mapping.refused(
                    "Liquibase is migrating: its lock is held by " + lockedBy,
                    "wait until it is done; if no such process lives, let \"liquibase release-locks\" free the lock;"
                            + " then connect again");
        }
        return new Matching(rows.stream().filter(row -> RAN.contains(row.how())).toList(), files).map();
    }

    /** A changeset and the file that it stands in. */
    private record Placed(Migration file, Changeset changeset) {}

    private static final class Matching {
        private final Map<String, List<Row>> rowsByName = new LinkedHashMap<>();
        private final Map<String, List<Placed>> placedByName = new HashMap<>();
        private final Map<Migration, List<Placed>> placedByFile = new LinkedHashMap<>();
        private final Map<Placed, Row> ran = new HashMap<>();
        private final Mapping.Builder result = new Mapping.Builder();

        Matching(List<Row> rows, List<Migration> files) {
            for (Row row : rows) {
                rowsByName
                        .computeIfAbsent(row.name(), name -> new ArrayList<>())
                        .add(row);
            }
            for (Migration file : files) {
                List<Placed> placed = new ArrayList<>();
                for (Changeset changeset : changesets(file)) {
                    placed.add(new Placed(file, changeset));
                }
                placedByFile.put(file, placed);
                for (Placed one : placed) {
                    placedByName
                            .computeIfAbsent(one.changeset().name(), name -> new ArrayList<>())
                            .add(one);
                }
            }
        }

        private static List<Changeset> changesets(Migration file) {
            List<Changeset> changesets = LiquibaseChangelog.parse(file.source().text());
            return changesets.isEmpty()
                    ? List.of(new Changeset(WHOLE_FILE_AUTHOR, WHOLE_FILE_ID, null, List.of(), false))
                    : changesets;
        }

        Mapping map() {
            for (List<Row> sameName : rowsByName.values()) {
                match(sameName, placedByName.getOrDefault(sameName.get(0).name(), List.of()));
            }
            placedByFile.forEach(this::judge);
            return result.build();
        }

        private void match(List<Row> sameName, List<Placed> placed) {
            Row first = sameName.get(0);
            boolean nameDecides = sameName.size() > 1
                    || placed.size() > 1
                    || (first.author().equals(WHOLE_FILE_AUTHOR) && first.id().equals(WHOLE_FILE_ID));
            for (Row row : sameName) {
                List<Placed> candidates = nameDecides
                        ? placed.stream()
                                .filter(one -> isCalled(one.file(), row.file()))
                                .toList()
                        : placed;
                if (candidates.size() == 1 && ran.putIfAbsent(candidates.get(0), row) == null) {
                    continue;
                }
                if (placed.isEmpty()) {
                    result.problem(row.place() + " has run under Liquibase, but no file has it", FILE_FOR_EACH);
                } else {
                    result.problem(
                            row.place() + " may be any of those in "
                                    + String.join(
                                            ", ",
                                            placed.stream()
                                                    .map(one -> one.file().script())
                                                    .toList()),
                            TELL_APART);
                }
            }
        }

        /** By the last part of the path, with or without what our names have in front. */
        private static boolean isCalled(Migration file, String recorded) {
            String theirs = lastPart(recorded);
            String ours = lastPart(file.script());
            return ours.equals(theirs)
                    || ours.replaceFirst("^(V[0-9._]*?__|R__|[0-9]+_+)", "").equals(theirs);
        }

        private static String lastPart(String path) {
            return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf(':')) + 1);
        }

        /** Says what becomes of a file, by what became of its changesets. */
        private void judge(Migration file, List<Placed> placed) {
            List<Placed> missing =
                    placed.stream().filter(one -> !ran.containsKey(one)).toList();
            if (missing.size() == placed.size()) {
                return;
            }
            if (!missing.isEmpty()) {
                result.problem(
                        "%s has run in part under Liquibase: %s has not"
                                .formatted(
                                        file.script(),
                                        String.join(
                                                ", ",
                                                missing.stream()
                                                        .map(one ->
                                                                one.changeset().name())
                                                        .toList())),
                        ALL_OR_NONE);
                return;
            }
            List<String> unverified = new ArrayList<>();
            for (Placed one : placed) {
                Changeset changeset = one.changeset();
                Row row = ran.get(one);
                String recorded = row == null ? null : row.md5sum();
                if (recorded == null || !recorded.startsWith("9:") || changeset.checksum() == null) {
                    unverified.add(changeset.name());
                } else if (!changeset.matches(recorded)) {
                    if (changeset.runOnChange() && file.kind() == Kind.REPEATABLE) {
                        result.remark(file.script() + " has changed since Liquibase ran it, so it runs again");
                    } else {
                        result.problem(
                                "%s in %s was changed after Liquibase had applied it: its sum was %s, now it is %s"
                                        .formatted(
                                                changeset.name(), file.source().name(), recorded, changeset.checksum()),
                                PUT_BACK);
                    }
                    return;
                }
            }
            result.adopt(Adopted.of(
                    file,
                    unverified.isEmpty()
                            ? "same checksum"
                            : "not verified, for the sum cannot be computed: " + String.join(", ", unverified)));
        }
    }
}
