package dev.gangway.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.sql.Fragments;
import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ChecksumPropertiesTest {

    @Property(tries = 2000)
    void whatStandsBetweenTokensDoesNotCount(
            @ForAll("tokens") List<String> tokens, @ForAll("gaps") String one, @ForAll("gaps") String other)
            throws SqlSyntaxException {
        assertThat(checksum(String.join(one, tokens))).isEqualTo(checksum(other + String.join(other, tokens) + other));
    }

    @Property(tries = 1000)
    void lineEndsDoNotCount(@ForAll("tokens") List<String> tokens) throws SqlSyntaxException {
        String script = String.join("\n/**/", tokens) + " ';\n' $$\n;$$";

        assertThat(checksum(script)).isEqualTo(checksum(script.replace("\n", "\r\n")));
    }

    @Property(tries = 2000)
    void eachTokenCounts(@ForAll("tokens") List<String> tokens, @ForAll("token") String replacement, @ForAll int where)
            throws SqlSyntaxException {
        int index = Math.floorMod(where, tokens.size());
        List<String> changed = new ArrayList<>(tokens);
        String before = changed.set(index, replacement);
        List<String> shorter = new ArrayList<>(tokens);
        shorter.remove(index);

        Checksum checksum = statement(tokens);
        assertThat(statement(changed).equals(checksum)).isEqualTo(before.equals(replacement));
        assertThat(statement(shorter)).isNotEqualTo(checksum);
    }

    @Provide
    Arbitrary<List<String>> tokens() {
        return Fragments.statements();
    }

    @Provide
    Arbitrary<String> token() {
        return Fragments.tokens();
    }

    @Provide
    Arbitrary<String> gaps() {
        return Fragments.gaps();
    }

    /** Begins with a word of its own, lest another one makes it the definition of a function. */
    private static Checksum statement(List<String> tokens) throws SqlSyntaxException {
        return checksum("select /**/ " + String.join(" /**/ ", tokens));
    }

    private static Checksum checksum(String script) throws SqlSyntaxException {
        return Checksum.of(SourceText.of("f", script), Map.of(), new TreeMap<>());
    }
}
