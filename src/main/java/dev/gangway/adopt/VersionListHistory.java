package dev.gangway.adopt;

import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code schema_migrations (version varchar)} of dbmate and of Rails: one row for each migration.
 *
 * @param tool     which of them it is
 * @param versions as recorded
 */
record VersionListHistory(String tool, List<String> versions) implements ForeignHistory {

    @Override
    public Mapping onto(List<Migration> files) {
        Mapping.Builder result = new Mapping.Builder();
        Map<Version, Migration> byVersion = Versions.of(files);
        Set<Version> applied = new HashSet<>();
        for (String text : versions) {
            Version version = version(text);
            if (version == null || !byVersion.containsKey(version)) {
                result.problem(
                        "no file has version " + text,
                        "bring the files of these versions back, or write them as SQL files with these versions;"
                                + " then connect again");
            } else {
                applied.add(version);
            }
        }
        for (Migration file : files) {
            if (file.version() != null && applied.contains(file.version())) {
                result.adopt(Adopted.of(file, "same version"));
            }
        }
        return result.build();
    }

    private static @Nullable Version version(String text) {
        try {
            return Version.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
