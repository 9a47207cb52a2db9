package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import dev.gangway.testkit.TestServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** What a figure was measured on; nothing that tells one machine of its kind from another. */
final class Machine {

    private Machine() {}

    static ObjectNode describe() throws SQLException {
        ObjectNode machine = Results.newObject();
        machine.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("processor", processor());
        machine.put("memoryGiB", memoryGiB());
        machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        machine.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        machine.put("postgresql", ask("show server_version").replaceFirst(" .*", ""));
        machine.put("pgvector", ask("select default_version from pg_available_extensions where name = 'vector'"));
        machine.put("fsync", ask("show fsync"));
        machine.put("sharedBuffers", ask("show shared_buffers"));
        machine.put("loadAverage", Math.round(system().getSystemLoadAverage() * 10) / 10.0);
        return machine;
    }

    /** {@return one line for a reader} */
    static String sentence(JsonNode result) {
        JsonNode machine = result.get("machine");
        double load = machine.path("loadAverage").asDouble();
        String busy = load > machine.path("cores").asInt()
                ? " Something else kept the machine busy (load average " + load
                        + " at the beginning), so these figures are rough."
                : "";
        return "Measured on " + machine.path("date").asText() + ": "
                + machine.path("cores").asText() + " cores ("
                + machine.path("processor").asText() + "), "
                + machine.path("memoryGiB").asText() + " GiB, "
                + machine.path("java").asText() + ", PostgreSQL "
                + machine.path("postgresql").asText() + " with fsync "
                + machine.path("fsync").asText() + ", pgvector "
                + machine.path("pgvector").asText() + "." + busy;
    }

    private static String ask(String query) throws SQLException {
        return String.valueOf(TestServer.address().ask("postgres", query));
    }

    private static long memoryGiB() {
        return Math.round(system().getTotalMemorySize() / (double) (1L << 30));
    }

    private static OperatingSystemMXBean system() {
        return (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    }

    private static String processor() {
        Path file = Path.of("/proc/cpuinfo");
        try {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            return lines.stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
