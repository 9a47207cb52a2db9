package dev.gangway.sql;

import dev.gangway.sql.TableLock.Work;
import dev.gangway.sql.WordPattern.Found;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one form of statement locks. Immutable.
 *
 * @param pattern how the statement begins
 * @param first   what it does to the relation that its pattern names first; null for no lock on any
 * @param others  what it does to the relations that it names behind the first
 * @param unknown why it locks more than can be seen in its text; null when it does not
 * @param rest    what stands behind the pattern
 */
record LockRule(
        WordPattern pattern,
        @Nullable Effect first,
        @Nullable Effect others,
        @Nullable String unknown,
        Rest rest) {

    /** A lock on a relation, and what it is for. */
    record Effect(LockMode mode, Work work, String why) {}

    /** What the words behind a pattern are. */
    enum Rest {
        /** Nothing that locks. */
        IRRELEVANT,
        /** Something with queries in it, which the server analyses and keeps, but does not run: a view, a policy, a rule. */
        DEFINITION,
        /** A whole statement. */
        STATEMENT
    }

    /** {@return the rule for a statement that locks the relations its pattern names} */
    static LockRule lock(String pattern, LockMode mode, String why) {
        return of(pattern, new Effect(mode, Work.NONE, why));
    }

    static LockRule scan(String pattern, LockMode mode, String why) {
        return of(pattern, new Effect(mode, Work.SCANS, why));
    }

    static LockRule rewrite(String pattern, LockMode mode, String why) {
        return of(pattern, new Effect(mode, Work.REWRITES, why));
    }

    static LockRule none(String pattern) {
        return new LockRule(WordPattern.of(pattern), null, null, null, Rest.IRRELEVANT);
    }

    static LockRule unknown(String pattern, String reason) {
        return new LockRule(WordPattern.of(pattern), null, null, reason, Rest.IRRELEVANT);
    }

    private static LockRule of(String pattern, Effect effect) {
        return new LockRule(WordPattern.of(pattern), effect, effect, null, Rest.IRRELEVANT);
    }

    LockRule others(LockMode mode, Work work, String why) {
        return new LockRule(pattern, first, new Effect(mode, work, why), unknown, rest);
    }

    LockRule andUnknown(String reason) {
        return new LockRule(pattern, first, others, reason, rest);
    }

    LockRule then(Rest newRest) {
        return new LockRule(pattern, first, others, unknown, newRest);
    }

    void apply(List<Found> found, LockCollector locks) {
        for (int i = 0; i < found.size(); i++) {
            Effect effect = i == 0 ? first : others;
            if (effect != null) {
                locks.add(found.get(i).name(), found.get(i).kind(), effect.mode(), effect.work(), effect.why());
            }
        }
        if (unknown != null) {
            locks.unknown(unknown);
        }
    }
}
