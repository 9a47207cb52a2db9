package dev.gangway.adopt;

import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Alembic's table {@code alembic_version}.
 *
 * @param heads the revisions that the schema is at: one, unless the revisions have branched
 */
record AlembicHistory(List<String> heads) implements ForeignHistory {

    @Override
    public String tool() {
        return "Alembic";
    }

    @Override
    public Mapping onto(List<Migration> files) {
        Mapping.Builder result = new Mapping.Builder();
        if (heads.size() > 1) {
            return Mapping.refused(
                    "the schema is at several heads: " + String.join(", ", heads),
                    "join them with \"alembic merge heads\" and \"alembic upgrade head\", give the file of the merge"
                            + " the highest version, and connect again");
        }
        for (String head : heads) {
            List<Migration> named = files.stream()
                    .filter(file -> file.version() != null && names(file, head))
                    .toList();
            if (named.size() != 1) {
                return unknown(head, named);
            }
            Version reached = Objects.requireNonNull(named.get(0).version());
            Versions.upTo(files, reached, "up to revision " + head, result);
        }
        return result.build();
    }

    private static Mapping unknown(String head, List<Migration> named) {
        String advice = ("write the line \"-- Revision ID: %s\" at the top of the one file up to which this schema has"
                        + " been migrated, and connect again")
                .formatted(head);
        return Mapping.refused(
                named.isEmpty()
                        ? "no file says that it is revision " + head + ", which the schema is at"
                        : "several files say that they are revision " + head + ": "
                                + String.join(
                                        ", ",
                                        named.stream().map(Migration::script).toList()),
                advice);
    }

    /** By a line of its own in a comment, in the words of Alembic's own files, or by a word of the file's name. */
    private static boolean names(Migration file, String head) {
        String line = "(?m)^[ \\t]*--[ \\t]*Revision ID:[ \\t]*" + Pattern.quote(head) + "[ \\t]*\\r?$";
        String word = "(?<![0-9A-Za-z])" + Pattern.quote(head) + "(?![0-9A-Za-z])";
        return Pattern.compile(line).matcher(file.source().text()).find()
                || Pattern.compile(word).matcher(file.script()).find();
    }
}
