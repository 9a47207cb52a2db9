package dev.gangway.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.pgjdbc.JdbcParameters;
import dev.gangway.sql.SqlSyntaxException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A value bound to the wrong parameter would be worst: pgjdbc must find the same ones. */
class JdbcTokensPropertiesTest {

    @Property(tries = 3000)
    void theParametersAreThoseThatPgjdbcFinds(@ForAll("texts") String sql) {
        List<Integer> ours = new ArrayList<>();
        try {
            JdbcTokens tokens = JdbcTokens.of(sql);
            for (int at = 0; at < tokens.size(); at++) {
                if (tokens.is(at, JdbcTokens.Kind.PARAMETER)) {
                    ours.add(tokens.start(at));
                }
            }
        } catch (SqlSyntaxException neverEnds) {
            // Such a text is left alone.
            return;
        }

        assertThat(ours).as(sql).hasSize(JdbcParameters.count(sql));
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces = Arbitraries.of(
                "?",
                "??",
                "???",
                "<=>",
                "<->",
                "<=>?",
                "?::vector",
                "::",
                "vector",
                "halfvec(3)",
                "'",
                "''",
                "'?'",
                "\"",
                "\"?\"",
                "$$",
                "$a$",
                "$1",
                "e",
                "E'\\''",
                "E'?'",
                "U&'?'",
                "b'1'",
                "--",
                "-- ?\n",
                "/*",
                "*/",
                "/* ? */",
                "/* /* ? */ */",
                "\n",
                " ",
                "(",
                ")",
                ",",
                ";",
                "1",
                ".5",
                "1e5",
                "@>",
                "@?",
                "?|",
                "?&",
                "-",
                "+",
                "|",
                "[",
                "]",
                "select",
                "from",
                "limit",
                "order by",
                "cast(",
                " as ",
                "{fn ",
                "{d '",
                "}",
                "\\",
                "é",
                "a?b",
                "?1",
                "$?$");
        // Without space between, pgjdbc reads some strings otherwise that no statement contains, as in ''E'\''.
        return pieces.list().ofMaxSize(14).map(list -> "select " + String.join(" ", list));
    }
}
