package dev.gangway.pgjdbc;

import java.util.Locale;
import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * What pgjdbc is given to connect with. It logs the URL at {@code FINE} as it is, and a connection's metadata shows it to
 * whoever asks; so the passwords of the URL are handed over among the properties. All else stays where it was.
 *
 * @param url  has no password
 * @param info has them all
 */
record ConnectArguments(String url, Properties info) {

    /** @param parsed what pgjdbc reads out of the two */
    static ConnectArguments of(String url, Properties info, Properties parsed) {
        int questionMark = url.indexOf('?');
        if (questionMark < 0 || !isPassword(url.substring(questionMark))) {
            return new ConnectArguments(url, info);
        }
        Properties withPasswords = new Properties(info);
        StringBuilder rest = new StringBuilder(url.substring(0, questionMark));
        char separator = '?';
        for (String parameter : url.substring(questionMark + 1).split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = parsed.getProperty(name);
            // What pgjdbc does not know may be the rest of a password with an unescaped '&'.
            if (!isPassword(name) && PGProperty.forName(name) != null) {
                rest.append(separator).append(parameter);
                separator = '&';
            } else if (value != null) {
                withPasswords.setProperty(name, value);
            }
        }
        return new ConnectArguments(rest.toString(), withPasswords);
    }

    /** The key's password too. */
    private static boolean isPassword(String text) {
        return text.toLowerCase(Locale.ROOT).contains("password");
    }

    /** {@return nothing of what it holds} */
    @Override
    public String toString() {
        return "ConnectArguments";
    }
}
