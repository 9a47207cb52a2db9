package dev.gangway.adopt;

import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Files by their versions. */
final class Versions {
    private Versions() {}

    /** Adopts all files up to that version, as tools mean it that record only the last one. */
    static void upTo(List<Migration> files, Version reached, String proof, Mapping.Builder result) {
        for (Migration file : files) {
            Version version = file.version();
            if (version != null && version.compareTo(reached) <= 0) {
                result.adopt(Adopted.of(file, proof));
            }
        }
    }

    /** {@return the versioned files} */
    static Map<Version, Migration> of(List<Migration> files) {
        Map<Version, Migration> versions = new HashMap<>();
        for (Migration file : files) {
            Version version = file.version();
            if (version != null) {
                versions.put(version, file);
            }
        }
        return versions;
    }
}
