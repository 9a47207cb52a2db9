package dev.gangway.search;

import dev.gangway.pgjdbc.JdbcParameters;
import dev.gangway.pgvector.VectorType;
import dev.gangway.search.JdbcTokens.Kind;
import dev.gangway.search.PreparedSql.Takes;
import dev.gangway.search.QueryBlock.Source;
import dev.gangway.sql.SqlSyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out from the tokens of a SQL text whether it is a similarity search, and which of its parameters take vectors.
 *
 * <p>A parameter takes a vector where it is cast to a type of pgvector's, in whatever statement, and possibly where it stands
 * beside one of pgvector's operators without a cast. A text is a similarity search where a parameter stands beside such an
 * operator; also where it has one anywhere and a parameter that is cast to a vector, as in
 * <code>WITH q AS (SELECT ?::vector AS v) … ORDER BY embedding &lt;=&gt; q.v</code>.
 *
 * <p>The operators are not pgvector's alone: {@code <->} is the distance of PostGIS, of pg_trgm and of PostgreSQL's own
 * geometric types. So what is cast to another type is left alone, and what is not cast at all is for the server to tell.
 *
 * <p>Used once, by one thread.
 */
final class SqlAnalysis {
    private static final Set<String> OPERATORS = Set.of("<->", "<=>", "<#>", "<+>", "<~>", "<%>");

    private static final Set<String> ENDS_FROM = Set.of(
            "where",
            "group",
            "having",
            "window",
            "union",
            "intersect",
            "except",
            "order",
            "limit",
            "offset",
            "fetch",
            "for",
            "returning",
            "set",
            "select",
            "values");

    /** What may stand behind a table beside the words that end the list of tables. */
    private static final Set<String> GOES_ON = Set.of(
            "join", "left", "right", "inner", "full", "cross", "natural", "on", "using", "tablesample", "with", "when");

    /** An operator and where it stands. */
    private record Operator(String sign, int first, int last, QueryBlock block) {}

    private final JdbcTokens tokens;
    private final List<Integer> parameters = new ArrayList<>();
    private final List<Operator> operators = new ArrayList<>();
    private final Map<Integer, Operator> byFirstToken = new HashMap<>();
    private final Map<Integer, Operator> byLastToken = new HashMap<>();
    private QueryBlock block = new QueryBlock(null);

    private SqlAnalysis(JdbcTokens tokens) {
        this.tokens = tokens;
    }

    /** {@return what is known of the text; {@link PreparedSql#NOTHING} also for one that the server will refuse} */
    static PreparedSql of(String sql) {
        if (!mayMatter(sql)) {
            return PreparedSql.NOTHING;
        }
        try {
            return new SqlAnalysis(JdbcTokens.of(sql)).analyse(sql);
        } catch (SqlSyntaxException e) {
            return PreparedSql.NOTHING;
        }
    }

    /** Most texts have neither an operator nor a type of pgvector's in them, which is quickly seen. */
    private static boolean mayMatter(String sql) {
        if (sql.indexOf('?') < 0) {
            return false;
        }
        for (String operator : OPERATORS) {
            if (sql.contains(operator)) {
                return true;
            }
        }
        for (int at = 0; at + 3 <= sql.length(); at++) {
            if (sql.regionMatches(true, at, "vec", 0, 3)) {
                return true;
            }
        }
        return false;
    }

    private PreparedSql analyse(String sql) {
        for (int at = 0; at < tokens.size(); ) {
            at = read(at);
        }
        Takes[] takes = new Takes[parameters.size()];
        Operator beside = null;
        int besideAt = 0;
        int last = 0;
        for (int number = 1; number <= takes.length; number++) {
            SqlParameter parameter = SqlParameter.of(tokens, parameters.get(number - 1));
            Operator operator = operatorBeside(parameter);
            takes[number - 1] = takes(parameter, operator);
            if (takes[number - 1] != Takes.ANYTHING) {
                last = number;
            }
            if (beside == null && operator != null && (takes[number - 1] != Takes.ANYTHING || parameter.isBit())) {
                beside = operator;
                besideAt = parameter.first();
            }
        }
        if (beside == null && last > 0 && !operators.isEmpty()) {
            beside = operators.get(0);
            besideAt = beside.last() + 1;
        }
        boolean concerns = beside != null || last > 0;
        // What pgjdbc reads otherwise than the server, in texts that are hardly SQL, must not move a value to another
        // parameter.
        if (!concerns || JdbcParameters.count(sql) != parameters.size()) {
            return PreparedSql.NOTHING;
        }
        SearchQuery search = beside == null ? null : search(sql, beside, besideAt > beside.first());
        return new PreparedSql(search, Arrays.copyOf(takes, last));
    }

    private static Takes takes(SqlParameter parameter, @Nullable Operator beside) {
        String cast = parameter.type();
        if (cast == null) {
            return beside == null ? Takes.ANYTHING : Takes.SERVER_KNOWS;
        }
        VectorType type = VectorType.ofName(cast);
        if (type == null) {
            return Takes.ANYTHING;
        }
        return switch (type) {
            case VECTOR -> Takes.VECTOR;
            case HALFVEC -> Takes.HALFVEC;
            case SPARSEVEC -> Takes.SPARSEVEC;
        };
    }

    private @Nullable Operator operatorBeside(SqlParameter parameter) {
        Operator before = byLastToken.get(parameter.first() - 1);
        return before != null ? before : byFirstToken.get(parameter.last() + 1);
    }

    private SearchQuery search(String sql, Operator operator, boolean parameterBehind) {
        QueryBlock limited = operator.block().limited();
        String qualifier = parameterBehind ? qualifierBefore(operator.first()) : qualifierBehind(operator.last());
        return new SearchQuery(
                SearchQuery.cut(sql),
                operator.sign(),
                operator.block().table(qualifier),
                limited.limit(),
                limited.limitParameter(),
                SqlFingerprint.of(tokens));
    }

    /** {@return what stands in front of the column's name, as {@code d} in <code>d.embedding::halfvec(3) &lt;=&gt;</code>} */
    private @Nullable String qualifierBefore(int operator) {
        int at = operator - 1;
        if (tokens.isPunctuation(at, ")") && tokens.is(at - 1, Kind.NUMBER) && tokens.isPunctuation(at - 2, "(")) {
            at -= 3;
        }
        if (tokens.isName(at) && tokens.isPunctuation(at - 1, "::")) {
            at -= 2;
        }
        return tokens.isName(at) && tokens.isPunctuation(at - 1, ".") && tokens.isName(at - 2)
                ? tokens.name(at - 2)
                : null;
    }

    private @Nullable String qualifierBehind(int operator) {
        int at = operator + 1;
        return tokens.isName(at) && tokens.isPunctuation(at + 1, ".") ? tokens.name(at) : null;
    }

    /** Reads what begins at this token; {@return the next one that is to be read} */
    private int read(int at) {
        return switch (tokens.kind(at)) {
            case PARAMETER -> {
                parameters.add(at);
                yield at + 1;
            }
            case OPERATOR -> {
                operator(tokens.text(at), at, at);
                yield at + 1;
            }
            case PUNCTUATION -> punctuation(at);
            case WORD -> word(at);
            default -> at + 1;
        };
    }

    private void operator(String sign, int first, int last) {
        if (OPERATORS.contains(sign)) {
            Operator operator = new Operator(sign, first, last, block);
            operators.add(operator);
            byFirstToken.put(first, operator);
            byLastToken.put(last, operator);
        }
    }

    private int punctuation(int at) {
        if (tokens.isPunctuation(at, "(")) {
            block = new QueryBlock(block);
        } else if (tokens.isPunctuation(at, ")")) {
            QueryBlock parent = block.parent();
            block = parent == null ? block : parent;
        } else if (tokens.isPunctuation(at, ",") && block.inFrom) {
            return source(at + 1);
        } else if (tokens.isPunctuation(at, ";")) {
            block = new QueryBlock(null);
        }
        return at + 1;
    }

    private int word(int at) {
        String word = tokens.name(at);
        if (ENDS_FROM.contains(word)) {
            block.inFrom = false;
        }
        switch (word) {
            case "from" -> {
                // IS DISTINCT FROM compares.
                if (tokens.isWord(at - 1, "distinct")) {
                    return at + 1;
                }
                block.inFrom = true;
                return source(at + 1);
            }
            case "join" -> {
                return block.inFrom ? source(at + 1) : at + 1;
            }
            case "update" -> {
                // FOR UPDATE locks, and DO UPDATE is of an INSERT.
                return tokens.isWord(at - 1, "for") || tokens.isWord(at - 1, "do") ? at + 1 : source(at + 1);
            }
            case "limit" -> limit(at + 1);
            case "fetch" -> limit(at + 2);
            case "operator" -> {
                return writtenOut(at);
            }
            default -> {
                return at + 1;
            }
        }
        return at + 1;
    }

    /** {@code OPERATOR(schema.<=>)} */
    private int writtenOut(int at) {
        if (!tokens.isPunctuation(at + 1, "(")) {
            return at + 1;
        }
        int sign = at + 2;
        while (tokens.isName(sign) && tokens.isPunctuation(sign + 1, ".")) {
            sign += 2;
        }
        if (!tokens.is(sign, Kind.OPERATOR) || !tokens.isPunctuation(sign + 1, ")")) {
            return at + 1;
        }
        operator(tokens.text(sign), at, sign + 1);
        return sign + 2;
    }

    private void limit(int at) {
        if (tokens.is(at, Kind.PARAMETER)) {
            block.limit(SearchQuery.UNKNOWN, parameters.size() + 1);
        } else if (tokens.is(at, Kind.NUMBER)) {
            try {
                block.limit(Integer.parseInt(tokens.text(at)), 0);
            } catch (NumberFormatException e) {
                // 1e3, or more than anybody reads.
                block.limit(SearchQuery.UNKNOWN, 0);
            }
        }
    }

    /** Reads the beginning of something that is read; {@return the next token}, which is a parenthesis where one stands */
    private int source(int from) {
        int at = from;
        while (tokens.isWord(at, "only") || tokens.isWord(at, "lateral")) {
            at++;
        }
        if (tokens.isPunctuation(at, "(")) {
            block = new QueryBlock(block);
            QueryBlock outer = block.parent();
            if (outer != null) {
                outer.reads(new Source(null, block, aliases(behindParenthesis(at), null)));
            }
            return at + 1;
        }
        if (!tokens.isName(at)) {
            return at;
        }
        StringBuilder table = new StringBuilder(tokens.text(at));
        String last = tokens.name(at);
        at++;
        while (tokens.isPunctuation(at, ".") && tokens.isName(at + 1)) {
            table.append('.').append(tokens.text(at + 1));
            last = tokens.name(at + 1);
            at += 2;
        }
        int alias = tokens.isPunctuation(at, "(") ? behindParenthesis(at) : at;
        block.reads(new Source(table.toString(), null, aliases(alias, last)));
        return at;
    }

    private List<String> aliases(int from, @Nullable String table) {
        int at = tokens.isWord(from, "as") ? from + 1 : from;
        if (tokens.is(at, Kind.QUOTED_IDENTIFIER) || (tokens.is(at, Kind.WORD) && !isKeyword(tokens.name(at)))) {
            return List.of(tokens.name(at));
        }
        return table == null ? List.of() : List.of(table);
    }

    private static boolean isKeyword(String word) {
        return ENDS_FROM.contains(word) || GOES_ON.contains(word);
    }

    private int behindParenthesis(int open) {
        int depth = 0;
        for (int at = open; at < tokens.size(); at++) {
            if (tokens.isPunctuation(at, "(")) {
                depth++;
            } else if (tokens.isPunctuation(at, ")") && --depth == 0) {
                return at + 1;
            }
        }
        return tokens.size();
    }
}
