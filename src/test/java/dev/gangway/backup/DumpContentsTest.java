package dev.gangway.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DumpContentsTest {
    private final DumpContents contents = DumpContents.parse(List.of(
            ";",
            "; Archive created at 2026-01-02 03:04:05 UTC",
            "",
            "8; 2615 16851 SCHEMA - store app",
            "9; 2615 16852 SCHEMA - store2 app",
            "11; 0 0 COMMENT - SCHEMA store app",
            "2; 3079 16386 EXTENSION - vector ",
            "3; 0 0 COMMENT - EXTENSION vector ",
            "218; 1259 16843 TABLE public documents app",
            "3701; 0 16843 TABLE DATA public documents app"));

    @Test
    void anEntryIsLeftOutTogetherWithItsComment() {
        assertThat(contents.without(List.of("EXTENSION - vector", "SCHEMA - store")))
                .containsExactly(
                        "9; 2615 16852 SCHEMA - store2 app",
                        "218; 1259 16843 TABLE public documents app",
                        "3701; 0 16843 TABLE DATA public documents app");
    }

    @Test
    void itKnowsWhatItHolds() {
        assertThat(contents.has("TABLE DATA public documents")).isTrue();
        assertThat(contents.has("EXTENSION - vector")).isTrue();
        assertThat(contents.has("TABLE DATA public document")).isFalse();
        assertThat(contents.has("TABLE DATA public lines")).isFalse();
    }
}
