package dev.gangway.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import dev.gangway.report.StatusReport;
import dev.gangway.report.ValidationReport;
import java.time.Instant;
import java.util.Locale;

/**
 * Reports as JSON: one document for each command, indented, nulls included, keys as the records' components are called.
 *
 * <p>By Gson, because it reads records as they are: with a streaming writer, each report would be told component by
 * component a second time.
 */
final class Json {
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .registerTypeAdapter(Instant.class, (JsonSerializer<Instant>)
                    (time, type, context) -> new JsonPrimitive(time.toString()))
            .registerTypeHierarchyAdapter(Enum.class, (JsonSerializer<Enum<?>>)
                    (value, type, context) -> new JsonPrimitive(value.name().toLowerCase(Locale.ROOT)))
            .create();

    private Json() {}

    /** {@return the document, ended by a line feed} */
    static String of(Record report) {
        JsonObject document = GSON.toJsonTree(report).getAsJsonObject();
        // What the exit code says too, for those who have only the document.
        if (report instanceof StatusReport status) {
            document.addProperty("current", status.current());
        } else if (report instanceof ValidationReport validation) {
            document.addProperty("valid", validation.valid());
        }
        return GSON.toJson(document) + "\n";
    }
}
