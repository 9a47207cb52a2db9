package dev.gangway.search;

import dev.gangway.search.JdbcTokens.Kind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A parameter with what belongs to it: parentheses and casts.
 *
 * @param first the first token of all that
 * @param last  the last one
 * @param type  the type that it is cast to first, without schema and modifier; null without a cast
 */
record SqlParameter(int first, int last, @Nullable String type) {

    /** Behind these, a parenthesis is only that; behind any other word it holds arguments, a list or columns. */
    private static final Set<String> BEFORE_EXPRESSION = Set.of(
            "all",
            "and",
            "as",
            "between",
            "by",
            "case",
            "distinct",
            "else",
            "from",
            "having",
            "not",
            "on",
            "or",
            "returning",
            "select",
            "set",
            "then",
            "when",
            "where");

    static SqlParameter of(JdbcTokens tokens, int at) {
        int first = at;
        int last = at;
        String type = null;
        while (true) {
            if (tokens.isPunctuation(last + 1, "::")) {
                Type cast = Type.at(tokens, last + 2);
                type = type == null ? cast.name() : type;
                last = cast.last();
            } else if (tokens.isWord(last + 1, "as")
                    && tokens.isPunctuation(first - 1, "(")
                    && tokens.isWord(first - 2, "cast")) {
                Type cast = Type.at(tokens, last + 2);
                if (!tokens.isPunctuation(cast.last() + 1, ")")) {
                    return new SqlParameter(first, last, type == null ? cast.name() : type);
                }
                type = type == null ? cast.name() : type;
                first -= 2;
                last = cast.last() + 1;
            } else if (tokens.isPunctuation(first - 1, "(")
                    && tokens.isPunctuation(last + 1, ")")
                    && isOnlyThat(tokens, first - 2)) {
                first--;
                last++;
            } else {
                return new SqlParameter(first, last, type);
            }
        }
    }

    private static boolean isOnlyThat(JdbcTokens tokens, int beforeParenthesis) {
        return !tokens.isName(beforeParenthesis)
                || (tokens.is(beforeParenthesis, Kind.WORD)
                        && BEFORE_EXPRESSION.contains(tokens.name(beforeParenthesis)));
    }

    boolean isBit() {
        return "bit".equals(type) || "varbit".equals(type);
    }

    /** The name of a type, {@code ""} where there is none that could be pgvector's, and its last token. */
    private record Type(String name, int last) {

        static Type at(JdbcTokens tokens, int from) {
            int at = from;
            while (tokens.isName(at) && tokens.isPunctuation(at + 1, ".")) {
                at += 2;
            }
            if (!tokens.isName(at)) {
                return new Type("", at - 1);
            }
            String name = tokens.name(at);
            if (tokens.isPunctuation(at + 1, "(")
                    && tokens.is(at + 2, Kind.NUMBER)
                    && tokens.isPunctuation(at + 3, ")")) {
                at += 3;
            }
            return tokens.isPunctuation(at + 1, "[") || tokens.isWord(at + 1, "array")
                    ? new Type("", at)
                    : new Type(name, at);
        }
    }
}
