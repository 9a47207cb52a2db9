package dev.gangway.torture;

import dev.gangway.testkit.Moment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts how the processes that were struck have ended. Thread-safe. */
final class Totals {
    private final Map<Blow, Map<String, Integer>> byBlow = new EnumMap<>(Blow.class);
    private final List<String> lines = new ArrayList<>();
    private final Map<Cut, String> endings =
            new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
    private int cuts;

    /** Takes down one cut. */
    synchronized void add(Cut cut, String ending) {
        endings.put(cut, ending);
    }

    /** Closes the scenario to which the cuts since the last one belong; {@return what came of it, a row of a table for each blow} */
    synchronized String close(Scenario scenario, int messages) {
        StringBuilder rows = new StringBuilder();
        for (Blow blow : Blow.values()) {
            for (Moment moment : blow.moments()) {
                Map<String, Integer> count = new TreeMap<>();
                endings.forEach((cut, ending) -> {
                    if (cut.blow() == blow && cut.moment() == moment) {
                        count.merge(ending, 1, Integer::sum);
                    }
                });
                int made = count.values().stream().mapToInt(Integer::intValue).sum();
                if (made == 0) {
                    continue;
                }
                cuts += made;
                count.forEach((ending, times) ->
                        byBlow.computeIfAbsent(blow, any -> new TreeMap<>()).merge(ending, times, Integer::sum));
                rows.append("| %s | %d | %s | %s | %d | %s |%n"
                        .formatted(scenario, messages, words(blow), words(moment), made, words(count)));
            }
        }
        endings.clear();
        lines.add(rows.toString());
        return rows.toString();
    }

    /** Everything in tables of Markdown. */
    synchronized String markdown() {
        StringBuilder text =
                new StringBuilder("%d cuts in %d scenarios; after each of them everything was as it has to be"
                        .formatted(cuts, lines.size()));
        text.append("\n\n| what died | cuts | how the process ended |\n| --- | --- | --- |\n");
        byBlow.forEach((blow, count) -> text.append("| %s | %d | %s |\n"
                .formatted(
                        words(blow),
                        count.values().stream().mapToInt(Integer::intValue).sum(),
                        words(count))));
        text.append("\n| scenario | messages | what died | when | cuts | how the process ended |\n");
        text.append("| --- | --- | --- | --- | --- | --- |\n");
        lines.forEach(text::append);
        return text.toString();
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String words(Map<String, Integer> count) {
        List<String> words = new ArrayList<>();
        count.forEach((ending, times) -> words.add(times + " " + ending));
        return String.join(", ", words);
    }
}
