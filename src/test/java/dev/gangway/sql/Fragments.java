package dev.gangway.sql;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Tokens that splitters are known to stumble over, and what may stand between two tokens. */
public final class Fragments {
    private static final List<String> TOKENS = List.of(
            "select",
            "create",
            "function",
            "procedure",
            "or",
            "replace",
            "begin",
            "end",
            "case",
            "copy",
            "from",
            "a",
            "é",
            "_x",
            "foo$bar$baz",
            "U",
            "E",
            "\"a;b\"",
            "\"a\"\"'b\"",
            "U&\"d!0061;\"",
            "''",
            "';'",
            "'a''b;'",
            "'\\'",
            "'--'",
            "'/*'",
            "'${a}'",
            "'$$'",
            "E'\\''",
            "E'a\\\\'",
            "E';\\';'",
            "N';'",
            "B'01'",
            "X'1F'",
            "U&'d!0061;'",
            "$$;$$",
            "$$ $a$ ; $$",
            "$a$ ; $$ ' -- $a$",
            "$é$;$é$",
            "$1",
            "0",
            "1.5",
            ".5",
            "1e-3",
            "0x1F",
            "1_000",
            "+",
            "-",
            "*",
            "/",
            "<->",
            "<=>",
            "<#>",
            "@-",
            "?|",
            "->>",
            "#>>",
            "::",
            ":=",
            "..",
            ".",
            ",",
            ":",
            "[",
            "]",
            "=",
            "(;)",
            "('a;')",
            "({)",
            "(begin;end)");

    private static final List<String> GAPS = List.of(
            " ",
            "\n",
            "\t",
            "\r\n",
            " \f ",
            "-- ; ' $$ \" /*\n",
            "--\r\n",
            "/* ; ' -- */",
            "/* /* ; */ $$ */",
            " /**/ ",
            "/***/ ");

    private Fragments() {}

    /** {@return one token, or a few in parentheses} */
    public static Arbitrary<String> tokens() {
        return Arbitraries.of(TOKENS);
    }

    /** {@return white space and comments that keep any two tokens apart and join no two strings} */
    public static Arbitrary<String> gaps() {
        // A block comment in front keeps a string from going on behind a line end.
        return Arbitraries.of(GAPS).list().ofMinSize(1).ofMaxSize(3).map(parts -> parts.stream()
                .collect(Collectors.joining("", " /**/ ", "")));
    }

    /** {@return the tokens of a statement in which no word makes a ; mean anything else} */
    public static Arbitrary<List<String>> statements() {
        return tokens().list().ofMinSize(1).ofMaxSize(12).map(tokens -> {
            // CREATE counts where it is the first word, which need not be the first token.
            boolean mayDefineFunction = tokens.contains("create");
            boolean copies = tokens.get(0).equals("copy");
            return mayDefineFunction || copies ? prepend("x", tokens) : tokens;
        });
    }

    private static List<String> prepend(String first, List<String> rest) {
        return Stream.concat(Stream.of(first), rest.stream()).toList();
    }
}
