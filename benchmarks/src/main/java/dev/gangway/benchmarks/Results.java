package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The folder in which each benchmark has a JSON file. */
record Results(Path folder) {
    static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    static ObjectNode newObject() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode newArray(JsonNode one) {
        return JsonNodeFactory.instance.arrayNode().add(one);
    }

    /** {@return the numbers as JSON, with three decimals} */
    static ArrayNode array(Collection<Double> values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        values.forEach(value -> array.add(Math.round(value * 1000) / 1000.0));
        return array;
    }

    static List<Double> numbers(JsonNode array) {
        List<Double> numbers = new ArrayList<>();
        array.forEach(value -> numbers.add(value.asDouble()));
        return numbers;
    }

    boolean has(String name) {
        return Files.exists(file(name));
    }

    JsonNode read(String name) throws IOException {
        return JSON.readTree(file(name).toFile());
    }

    void write(String name, ObjectNode result) throws IOException {
        Files.createDirectories(folder);
        // Arrays of numbers on one line each, which Jackson's indenting does by default.
        Files.writeString(file(name), JSON.writeValueAsString(result) + "\n");
    }

    private Path file(String name) {
        return folder.resolve(name + ".json");
    }
}
