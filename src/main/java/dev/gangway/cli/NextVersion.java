package dev.gangway.cli;

import dev.gangway.migration.FileName;
import dev.gangway.migration.FileName.Versioned;
import dev.gangway.migration.Version;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the next migration is called, so that it goes on in the way of those that are there. Immutable.
 *
 * @param prefix    {@code V}, or nothing where files are only numbered
 * @param number    of the highest migration, as it is written; null when there is none
 * @param separator between number and description
 */
record NextVersion(String prefix, @Nullable String number, String separator) {
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT);

    /** {@return what comes after these files; what is no versioned migration does not count} */
    static NextVersion after(Collection<String> fileNames) {
        Version highest = null;
        NextVersion next = new NextVersion("V", null, "__");
        for (String name : fileNames) {
            if (FileName.parse(name) instanceof Versioned versioned
                    && (highest == null || versioned.version().compareTo(highest) > 0)) {
                highest = versioned.version();
                next = of(name);
            }
        }
        return next;
    }

    private static NextVersion of(String name) {
        boolean lettered = name.charAt(0) == 'V';
        int begin = lettered ? 1 : 0;
        int separator = name.indexOf(lettered ? "__" : "_", begin);
        int end = separator < 0 ? name.indexOf(".sql") : separator;
        return new NextVersion(lettered ? "V" : "", name.substring(begin, end), lettered ? "__" : "_");
    }

    /**
     * {@return the file's name}
     *
     * @param now       what a timestamp would be made of
     * @param timestamp whether to begin with timestamps where there are none yet
     */
    String fileName(String description, LocalDateTime now, boolean timestamp) {
        String current = number;
        String next;
        if (timestamp || (current != null && isTimestamp(current))) {
            next = timestamp(now, current != null && isTimestamp(current) ? current : null);
        } else {
            next = current == null ? "1" : increment(current);
        }
        return prefix + next + separator + description + ".sql";
    }

    private static boolean isTimestamp(String number) {
        // 19990101 and later, to the day, minute or second.
        return number.matches("(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([0-9]{4}|[0-9]{6})?");
    }

    /** As long as the highest one; one more than that where this moment is not later. */
    private static String timestamp(LocalDateTime now, @Nullable String highest) {
        String time = TIMESTAMP.format(now);
        if (highest == null) {
            return time;
        }
        String shortened = time.substring(0, highest.length());
        return shortened.compareTo(highest) > 0 ? shortened : increment(highest);
    }

    /** The last part counts: 1.2 is followed by 1.3, and 009 by 010. */
    private static String increment(String number) {
        int last = Math.max(number.lastIndexOf('.'), number.lastIndexOf('_')) + 1;
        String part = number.substring(last);
        String next = new BigInteger(part).add(BigInteger.ONE).toString();
        return number.substring(0, last) + "0".repeat(Math.max(0, part.length() - next.length())) + next;
    }
}
