package dev.gangway.torture;

import dev.gangway.testkit.Moment;
import java.util.ArrayList;
import java.util.List;

/** Which cuts are made. */
final class Cuts {
    /** Of this ratio the multiples, less their whole part, lie evenly between 0 and 1 however many are taken. */
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    private Cuts() {}

    /**
     * All that can be made while a process sends so many messages.
     *
     * @param every of so many messages one, where most of them are much the same; the ones are others for each blow
     */
    static List<Cut> all(int messages, int every) {
        List<Cut> cuts = new ArrayList<>();
        int first = 0;
        for (Blow blow : Blow.values()) {
            for (Moment moment : blow.moments()) {
                for (int message = 1 + first++ % every; message <= messages; message += every) {
                    cuts.add(new Cut(blow, moment, message));
                }
            }
        }
        return cuts;
    }

    /**
     * Of a third of all blows and moments one, spread over the messages; always the same ones.
     *
     * @param offset makes other ones; of three that follow each other, each takes another third
     */
    static List<Cut> sample(int messages, int offset) {
        List<Cut> cuts = new ArrayList<>();
        double place = offset * GOLDEN * GOLDEN;
        int count = 0;
        for (Blow blow : Blow.values()) {
            for (Moment moment : blow.moments()) {
                place += GOLDEN;
                if (++count % 3 != offset % 3) {
                    continue;
                }
                cuts.add(new Cut(blow, moment, 1 + (int) ((place - Math.floor(place)) * messages)));
            }
        }
        return cuts;
    }
}
