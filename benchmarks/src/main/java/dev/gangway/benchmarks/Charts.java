package dev.gangway.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts in the one style, which can still be read on a phone: 900 by 560, big type, few series. */
final class Charts {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 560;

    // Distinguishable without seeing red and green apart (Okabe and Ito); Gangway is always the first series.
    private static final Color[] COLORS = {
        new Color(0x00, 0x72, 0xB2),
        new Color(0xE6, 0x9F, 0x00),
        new Color(0x80, 0x80, 0x80),
        new Color(0xCC, 0x79, 0xA7)
    };

    private Charts() {}

    /** Groups of bars, one group for each category. Add series with {@code addSeries(name, categories, values)}. */
    static CategoryChart bars(String title, String unit, boolean logarithmic) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle(unit)
                .build();
        style(chart.getStyler());
        chart.getStyler().setYAxisLogarithmic(logarithmic);
        chart.getStyler().setAvailableSpaceFill(0.8);
        chart.getStyler().setLabelsVisible(true);
        chart.getStyler().setLabelsFont(font(Font.PLAIN, 18));
        chart.getStyler().setLabelsPosition(0.95);
        return chart;
    }

    /** Lines through points. Add series with {@link #line}. */
    static XYChart lines(String title, String xTitle, String yTitle) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        style(chart.getStyler());
        chart.getStyler().setMarkerSize(9);
        return chart;
    }

    static XYSeries line(XYChart chart, String name, List<Double> x, List<Double> y) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setLineStyle(new BasicStroke(3));
        series.setMarker(SeriesMarkers.CIRCLE);
        return series;
    }

    private static void style(AxesChartStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setPlotGridLinesColor(new Color(0xDD, 0xDD, 0xDD));
        styler.setSeriesColors(COLORS);
        styler.setChartTitleFont(font(Font.BOLD, 24));
        styler.setChartTitleBoxVisible(false);
        styler.setLegendPosition(LegendPosition.OutsideS);
        styler.setLegendLayout(LegendLayout.Horizontal);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setLegendFont(font(Font.PLAIN, 20));
        styler.setAxisTitleFont(font(Font.PLAIN, 20));
        styler.setAxisTickLabelsFont(font(Font.PLAIN, 18));
        styler.setChartPadding(14);
        styler.setLocale(Locale.ROOT);
        styler.setDecimalPattern("#,##0.##");
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }
}
