package dev.gangway.adopt;

import java.util.ArrayList;
import java.util.List;

/** What becomes of another tool's history. */
sealed interface Mapping {

    /**
     * It is taken over.
     *
     * @param migrations in the order of our ranks; empty when that tool has applied nothing
     * @param remarks    what else is worth telling, each a sentence without its full stop
     */
    record Taken(List<Adopted> migrations, List<String> remarks) implements Mapping {
        public Taken {
            migrations = List.copyOf(migrations);
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * It does not fit the files, or is not in order.
     *
     * @param problems every one of them
     * @param advice   what to do about them
     */
    record Refused(List<String> problems, List<String> advice) implements Mapping {
        public Refused {
            problems = List.copyOf(problems);
            advice = List.copyOf(advice);
        }
    }

    /** {@return a refusal for one reason} */
    static Refused refused(String problem, String advice) {
        return new Refused(List.of(problem), List.of(advice));
    }

    /** Collects what a mapping finds; whoever finds a problem goes on to find all of them. */
    final class Builder {
        private final List<Adopted> migrations = new ArrayList<>();
        private final List<String> remarks = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();
        private final List<String> advice = new ArrayList<>();

        void adopt(Adopted migration) {
            migrations.add(migration);
        }

        void remark(String sentence) {
            remarks.add(sentence);
        }

        /** Adds a problem, and what to do about all of its kind. */
        void problem(String what, String whatToDo) {
            problems.add(what);
            if (!advice.contains(whatToDo)) {
                advice.add(whatToDo);
            }
        }

        Mapping build() {
            return problems.isEmpty() ? new Taken(migrations, remarks) : new Refused(problems, advice);
        }
    }
}
