package dev.gangway.sql;

import java.util.Set;

/**
 * Calls of functions in an expression. Of most built-in functions one knows that they touch no table and give the same
 * value for every row of a statement; any other may do what it likes, and PostgreSQL takes it for volatile unless it is
 * declared otherwise.
 */
final class FunctionCalls {

    /** What may stand before a parenthesis without being a function; types, where a cast does not tell them, too. */
    private static final Set<String> NO_FUNCTIONS = words("""
            ALL AND ANY ARRAY AS BERNOULLI BETWEEN BIT BY CASE CHAR CHARACTER CHECK CONFLICT CUBE DEC DECIMAL DISTINCT DO ELSE END
            EXCEPT EXISTS FILTER FLOAT FOR FROM GROUP GROUPING HAVING ILIKE IN INSERT INTERSECT INTERVAL INTO IS JOIN LATERAL
            LIKE LIMIT MATERIALIZED NOT NUMERIC OF OFFSET ON ONLY OR ORDER OVER OVERLAPS PARTITION PRECISION RETURNING ROLLUP
            ROW SELECT SET SETS SIMILAR SOME SYMMETRIC SYSTEM THEN TIME TIMESTAMP UNION USING VALUES VARBIT VARCHAR VARYING WHEN
            WHERE WITH WITHIN""");

    private static final Set<String> BUILT_IN = words("""
            ABS AGE ARRAY_AGG ARRAY_APPEND ARRAY_LENGTH ARRAY_REMOVE ARRAY_TO_STRING AVG BOOL_AND BOOL_OR BTRIM CARDINALITY CAST
            CEIL CEILING CHAR_LENGTH CHR COALESCE CONCAT CONCAT_WS COUNT CURRENT_DATE CURRENT_DATABASE CURRENT_SCHEMA
            CURRENT_SETTING CURRENT_TIME CURRENT_TIMESTAMP DATE_PART DATE_TRUNC DECODE DENSE_RANK DIGEST ENCODE EVERY EXP
            EXTRACT FIRST_VALUE FLOOR FORMAT GENERATE_SERIES GENERATE_SUBSCRIPTS GREATEST HASHTEXT INITCAP JSONB_AGG
            JSONB_ARRAY_ELEMENTS JSONB_ARRAY_ELEMENTS_TEXT JSONB_BUILD_ARRAY JSONB_BUILD_OBJECT JSONB_EACH JSONB_EACH_TEXT
            JSONB_OBJECT_AGG JSONB_OBJECT_KEYS JSONB_SET JSONB_STRIP_NULLS JSONB_TYPEOF JSON_AGG JSON_ARRAY_ELEMENTS
            JSON_BUILD_OBJECT LAG LAST_VALUE LEAD LEAST LEFT LENGTH LN LOCALTIME LOCALTIMESTAMP LOG LOWER LPAD LTRIM MAKE_DATE
            MAKE_INTERVAL MAKE_TIMESTAMP MAX MD5 MIN MOD NORMALIZE NOW NTILE NULLIF OCTET_LENGTH OVERLAY PERCENTILE_CONT
            PERCENTILE_DISC POSITION POWER QUOTE_IDENT QUOTE_LITERAL RANK REGEXP_MATCH REGEXP_MATCHES REGEXP_REPLACE
            REGEXP_SPLIT_TO_ARRAY REGEXP_SPLIT_TO_TABLE REPEAT REPLACE REVERSE RIGHT ROUND ROW_NUMBER ROW_TO_JSON RPAD RTRIM
            SETWEIGHT SHA256 SIGN SPLIT_PART SQRT STATEMENT_TIMESTAMP STRING_AGG STRING_TO_ARRAY STRPOS SUBSTR SUBSTRING SUM
            TO_CHAR TO_DATE TO_JSON TO_JSONB TO_NUMBER TO_TIMESTAMP TO_TSQUERY TO_TSVECTOR TRANSACTION_TIMESTAMP TRANSLATE
            TREAT TRIM TRUNC UNNEST UPPER VERSION XMLTABLE
            COSINE_DISTANCE INNER_PRODUCT L1_DISTANCE L2_DISTANCE L2_NORMALIZE VECTOR_DIMS VECTOR_NORM""");

    /** Touch no table either, but give another value for each row. */
    private static final Set<String> VOLATILE_BUILT_IN = words("""
            CLOCK_TIMESTAMP CURRVAL GEN_RANDOM_UUID LASTVAL NEXTVAL PG_SLEEP RANDOM RANDOM_NORMAL SETVAL SET_CONFIG TIMEOFDAY
            UUID_GENERATE_V1 UUID_GENERATE_V4 UUIDV4 UUIDV7""");

    /** Where a column's default ends. */
    private static final Set<String> NEXT_CONSTRAINT =
            Set.of("CHECK", "COLLATE", "CONSTRAINT", "DEFAULT", "GENERATED", "PRIMARY", "REFERENCES", "UNIQUE");

    private FunctionCalls() {}

    private static Set<String> words(String list) {
        return Set.of(list.split("\\s+"));
    }

    /** {@return whether a function is called by the word to come of which nobody knows which tables it touches} */
    static boolean callsUnknown(WordReader reader) {
        return isCall(reader) && !isBuiltIn(reader, BUILT_IN) && !isBuiltIn(reader, VOLATILE_BUILT_IN);
    }

    /** {@return whether the default to come of a column may have another value for each row} */
    static boolean mayBeVolatile(WordReader reader) {
        int start = reader.position();
        boolean mayBeVolatile = false;
        while (!reader.atEnd() && !NEXT_CONSTRAINT.contains(reader.peek()) && !mayBeVolatile) {
            mayBeVolatile = isCall(reader) && !isBuiltIn(reader, BUILT_IN);
            reader.read();
        }
        reader.goTo(start);
        return mayBeVolatile;
    }

    private static boolean isCall(WordReader reader) {
        String name = reader.peek();
        if (!reader.peek(1).equals("(") || name.isEmpty() || NO_FUNCTIONS.contains(name)) {
            return false;
        }
        String before = reader.peek(-1);
        boolean isType = before.equals("::") || before.equals("AS");
        return !isType && (name.charAt(0) == '"' || Character.isLetter(name.charAt(0)) || name.charAt(0) == '_');
    }

    private static boolean isBuiltIn(WordReader reader, Set<String> functions) {
        boolean qualified = reader.peek(-1).equals(".");
        return (!qualified || reader.peek(-2).equals("PG_CATALOG")) && functions.contains(reader.peek());
    }
}
