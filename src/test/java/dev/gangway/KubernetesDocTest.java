package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.config.JdbcUrl;
import dev.gangway.config.Settings;
import dev.gangway.config.Settings.Mode;
import dev.gangway.config.SettingsFile;
import dev.gangway.config.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The manifests in docs/kubernetes.md are YAML, fit together, and say what Gangway understands. */
class KubernetesDocTest {
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    private static final List<Map<String, Object>> MANIFESTS = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        Matcher blocks = YAML.matcher(Files.readString(Path.of("docs", "kubernetes.md")));
        while (blocks.find()) {
            for (Object manifest : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(blocks.group(1))) {
                MANIFESTS.add(map(manifest));
            }
        }
    }

    @Test
    void everyManifestIsWhole() {
        assertThat(MANIFESTS).extracting(manifest -> manifest.get("kind")).contains("Secret", "Job", "Deployment");
        assertThat(MANIFESTS).allSatisfy(manifest -> {
            assertThat(manifest).containsKeys("apiVersion", "kind", "metadata");
            assertThat(map(manifest.get("metadata"))).containsKey("name");
        });
    }

    @Test
    void theJobEndsByItselfAndRunsMigrate() {
        Map<String, Object> job = map(manifest("Job").get("spec"));

        assertThat(job).containsKeys("backoffLimit", "activeDeadlineSeconds");
        assertThat(pod(job).get("restartPolicy")).isEqualTo("Never");
        assertThat((List<?>) container(job).get("args")).first().isEqualTo("migrate");
    }

    @Test
    void theDeploymentWaits() throws Exception {
        Map<String, String> environment = environment(map(manifest("Deployment").get("spec")));
        JdbcUrl url = JdbcUrl.parse(Objects.requireNonNull(environment.get("SPRING_DATASOURCE_URL")));
        Settings settings = new SettingsReader(
                        url.ownParameters(), new Properties(), new Properties(), environment, SettingsFile.none())
                .read();

        assertThat(settings.mode()).isEqualTo(Mode.WAIT);
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void theUrlsAreGangwaysAndPasswordsComeFromTheSecret() throws Exception {
        for (String kind : List.of("Job", "Deployment")) {
            Map<String, String> environment = environment(map(manifest(kind).get("spec")));
            for (Map.Entry<String, String> variable : environment.entrySet()) {
                if (variable.getKey().endsWith("URL")) {
                    assertThat(JdbcUrl.parse(variable.getValue()).postgresUrl()).startsWith("jdbc:postgresql://");
                }
                if (variable.getKey().endsWith("PASSWORD")) {
                    assertThat(variable.getValue()).startsWith("secret:");
                }
            }
        }
    }

    private static Map<String, Object> manifest(String kind) {
        return MANIFESTS.stream()
                .filter(manifest -> kind.equals(manifest.get("kind")))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Object> pod(Map<String, Object> spec) {
        return map(map(spec.get("template")).get("spec"));
    }

    private static Map<String, Object> container(Map<String, Object> spec) {
        return map(((List<?>) pod(spec).get("containers")).get(0));
    }

    private static Map<String, String> environment(Map<String, Object> spec) {
        Map<String, String> environment = new TreeMap<>();
        for (Object entry : (List<?>) container(spec).get("env")) {
            Map<String, Object> variable = map(entry);
            environment.put(
                    String.valueOf(variable.get("name")),
                    variable.containsKey("value")
                            ? String.valueOf(variable.get("value"))
                            : "secret:" + variable.get("valueFrom"));
        }
        return environment;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }
}
