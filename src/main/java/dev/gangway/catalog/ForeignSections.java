package dev.gangway.catalog;

import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlSyntaxException;

/**
 * Files of tools that keep the way back in the same file, behind a comment. Run as a whole, such a file would take back
 * at its end what it does at its beginning.
 */
final class ForeignSections {
    private static final String DBMATE = "migrate:down";
    private static final String GOOSE = "+goose Down";

    private ForeignSections() {}

    static void refuse(SourceText source, String fileName) throws SqlSyntaxException {
        refuse(source, fileName, DBMATE, "-- migrate:up");
        refuse(source, fileName, GOOSE, "-- +goose Up");
    }

    private static void refuse(SourceText source, String fileName, String mark, String up) throws SqlSyntaxException {
        String text = source.text();
        for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
            int line = text.lastIndexOf('\n', at) + 1;
            if (text.substring(line, at).strip().equals("--")) {
                String stem = fileName.substring(0, fileName.length() - ".sql".length());
                throw new SqlSyntaxException(
                        source.positionAt(line),
                        ("\"-- %s\" begins the way back, and here the whole file would run: the change, and then its"
                                        + " way back. Keep what follows \"%s\" in %s.sql, and move what follows this line to"
                                        + " %s.undo.sql.")
                                .formatted(mark, up, stem, stem));
            }
        }
    }
}
