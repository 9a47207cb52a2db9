package dev.gangway.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class UnifiedDiffTest {

    @Test
    void equalTextsDoNotDiffer() {
        assertThat(UnifiedDiff.of("a", "b", "x\ny\n", "x\ny\n")).isEmpty();
    }

    @Test
    void aChangedLineStandsBetweenThreeLinesOfContext() {
        assertThat(UnifiedDiff.of("old", "new", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"))
                .isEqualTo("""
                        --- old
                        +++ new
                        @@ -2,7 +2,7 @@
                         2
                         3
                         4
                        -5
                        +five
                         6
                         7
                         8
                        """);
    }

    @Test
    void changesThatAreFarApartHaveHunksOfTheirOwn() {
        assertThat(UnifiedDiff.of(
                        "old", "new", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", "one\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n"))
                .isEqualTo("""
                        --- old
                        +++ new
                        @@ -1,4 +1,4 @@
                        -1
                        +one
                         2
                         3
                         4
                        @@ -8,3 +8,4 @@
                         8
                         9
                         10
                        +11
                        """);
    }

    @Test
    void aMissingNewlineAtTheEndIsSeen() {
        assertThat(UnifiedDiff.of("old", "new", "a\nb", "a\nb\n")).isEqualTo("""
                --- old
                +++ new
                @@ -1,2 +1,2 @@
                 a
                -b
                \\ No newline at end of file
                +b
                """);
    }

    @Test
    void anEmptyTextIsFilled() {
        assertThat(UnifiedDiff.of("old", "new", "", "a\n")).isEqualTo("""
                --- old
                +++ new
                @@ -0,0 +1 @@
                +a
                """);
    }

    @Property
    void applyingItGivesTheNewText(@ForAll("texts") String old, @ForAll("texts") String now) {
        assertThat(apply(old, UnifiedDiff.of("old", "new", old, now))).isEqualTo(now);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> line = Arbitraries.of("a\n", "b\n", "c\n", "", "d d\r\n", "\n");
        return line.list().ofMaxSize(40).map(lines -> String.join("", lines)).flatMap(text -> Arbitraries.of("", "end")
                .map(end -> text + end));
    }

    /** What patch does; trusts the line numbers and refuses what does not stand there. */
    private static String apply(String old, String diff) {
        List<String> lines = lines(old);
        StringBuilder result = new StringBuilder();
        int at = 0;
        List<String> diffLines = lines(diff);
        for (int i = 2; i < diffLines.size(); i++) {
            String line = diffLines.get(i);
            if (line.startsWith("@@ ")) {
                String[] range = line.split(" ")[1].substring(1).split(",");
                int start = Integer.parseInt(range[0]) - (range.length > 1 && range[1].equals("0") ? 0 : 1);
                while (at < start) {
                    result.append(lines.get(at++));
                }
                continue;
            }
            boolean cut = i + 1 < diffLines.size() && diffLines.get(i + 1).startsWith("\\");
            String text = cut ? line.substring(1, line.length() - 1) : line.substring(1);
            switch (line.charAt(0)) {
                case '+' -> result.append(text);
                case '-', ' ' -> {
                    assertThat(lines.get(at++)).isEqualTo(text);
                    result.append(line.charAt(0) == ' ' ? text : "");
                }
                default -> assertThat(line).startsWith("\\");
            }
        }
        while (at < lines.size()) {
            result.append(lines.get(at++));
        }
        return result.toString();
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int newline = text.indexOf('\n', start);
            int end = newline < 0 ? text.length() : newline + 1;
            lines.add(text.substring(start, end));
            start = end;
        }
        return lines;
    }
}
