package dev.gangway.config;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps passwords out of messages and logs. Thread-safe: all is pure. */
public final class Secrets {

    /** What stands where a secret stood. */
    public static final String MASK = "***";

    private static final List<String> SECRET_WORDS = List.of("password", "passwd", "passphrase", "secret", "token");

    /** Apart, because names are looked at on each connection and URLs only for messages. */
    private static final class UrlPatterns {
        /**
         * A parameter with its value. A password with an unescaped '&amp;' goes on in the next parameters, so what has
         * no '=' belongs to the parameter before it. Possessive, because the engine recurses otherwise, and a URL of
         * thousands of '&amp;' would exhaust the stack.
         */
        static final Pattern PARAMETER = Pattern.compile("(?<=[?&])([^=&?]*)=([^&]*(?:&[^=&]*(?=&|$))*+)");

        /** The same behind a second '?', which separates nothing, but which people write for an '&amp;'. */
        static final Pattern SECOND_QUERY = Pattern.compile(
                "\\?([^=&?]*(?:password|passwd|passphrase|secret|token)[^=&?]*)=[^&]*", Pattern.CASE_INSENSITIVE);

        /**
         * {@code //user:password@host}: no form that pgjdbc takes, but one that people write. A password may hold '@', '/'
         * and '?' itself, so it ends at the last '@' of all. It begins behind the colon where an '@' comes before the
         * parameters, or where what follows is no port.
         */
        static final Pattern USER_INFO =
                Pattern.compile("//([^:/@?\\[]*):(?:(?=[^?]*@)|(?![0-9]{0,5}(?:[/,?]|$))).*@", Pattern.DOTALL);
    }

    private Secrets() {}

    /** {@return whether a setting, parameter or placeholder of this name is likely to hold a secret} */
    public static boolean isSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (String word : SECRET_WORDS) {
            if (lower.contains(word)) {
                return true;
            }
        }
        return false;
    }

    /** {@return the URL with {@value #MASK} for every password in it, also in a {@code gangway.migrationUrl}} */
    public static String mask(String url) {
        String withoutUserInfo = UrlPatterns.USER_INFO.matcher(url).replaceFirst("//$1:" + MASK + "@");
        String masked = UrlPatterns.PARAMETER
                .matcher(withoutUserInfo)
                .replaceAll(match -> Matcher.quoteReplacement(masked(match.group(1), match.group(2))));
        return UrlPatterns.SECOND_QUERY.matcher(masked).replaceAll("?$1=" + Matcher.quoteReplacement(MASK));
    }

    private static String masked(String name, String value) {
        if (isSecret(name)) {
            return name + "=" + MASK;
        }
        if (name.equalsIgnoreCase(Setting.MIGRATION_URL.key())) {
            return name + "=" + maskedNested(value);
        }
        return name + "=" + value;
    }

    private static String maskedNested(String encoded) {
        try {
            String decoded = URLDecoder.decode(encoded, StandardCharsets.UTF_8);
            String masked = mask(decoded);
            return masked.equals(decoded) ? encoded : URLEncoder.encode(masked, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            // What cannot be decoded cannot be searched for passwords either.
            return MASK;
        }
    }
}
