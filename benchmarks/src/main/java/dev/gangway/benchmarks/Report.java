package dev.gangway.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.internal.chartpart.Chart;

/** Where tables and pictures of a result go: beside the result, and the tables into the page as well. */
final class Report {
    private static final Pattern DECIMALS = Pattern.compile("(\\.\\d{2})\\d+");

    private final Path folder;
    private final Path page;

    /** @param page whose tables are rewritten; null when they are only printed */
    Report(Path folder, Path page) {
        this.folder = folder;
        this.page = page;
    }

    /** Prints Markdown, and puts it into the page between {@code <!-- NAME:begin -->} and {@code <!-- NAME:end -->}. */
    void table(String name, String markdown) throws IOException {
        System.out.println(markdown.strip() + "\n");
        if (page == null) {
            return;
        }
        String begin = "<!-- " + name + ":begin -->\n";
        String end = "<!-- " + name + ":end -->\n";
        String text = Files.readString(page);
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalStateException(page + " has no place for the table " + name + ": " + begin + end);
        }
        String table = "\n" + markdown.strip() + "\n\n";
        Files.writeString(page, text.substring(0, from + begin.length()) + table + text.substring(to));
    }

    /** Draws {@code NAME.svg}. */
    void picture(String name, Chart<?, ?> chart) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(name + ".svg");
        VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
        // Letters come as outlines, with a dozen decimals of a pixel: two do, in a third of the size.
        Files.writeString(file, DECIMALS.matcher(Files.readString(file)).replaceAll("$1"));
    }
}
