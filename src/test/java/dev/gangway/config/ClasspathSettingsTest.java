package dev.gangway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClasspathSettingsTest {

    private final Path folder;

    ClasspathSettingsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void theFileIsReadAsUtf8() throws Exception {
        write("gangway.placeholders.name=Jürgen\n".getBytes(StandardCharsets.UTF_8));

        SettingsFile found = find();

        assertThat(found.entries()).containsEntry("gangway.placeholders.name", "Jürgen");
        assertThat(found.name()).endsWith("/gangway.properties");
    }

    @Test
    void anotherEncodingIsRefusedWithTheNameOfTheFile() throws IOException {
        write("gangway.placeholders.name=Jürgen\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(this::find)
                .isInstanceOf(SQLException.class)
                .hasMessageStartingWith("GW004")
                .hasMessageContaining("gangway.properties")
                .hasMessageContaining("Save it as UTF-8");
    }

    @Test
    void aBrokenEscapeIsRefused() throws IOException {
        write("gangway.target=\\uzz\n".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(this::find).hasMessageStartingWith("GW004").hasMessageContaining("\\u");
    }

    @Test
    void withoutAFileOrLoaderNothingIsSet() throws SQLException {
        assertThat(ClasspathSettings.find(null)).isSameAs(SettingsFile.none());
    }

    private void write(byte[] content) throws IOException {
        Files.write(folder.resolve("gangway.properties"), content);
    }

    private SettingsFile find() throws SQLException, IOException {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {url()}, null)) {
            return ClasspathSettings.find(loader);
        }
    }

    private URL url() throws MalformedURLException {
        return folder.toUri().toURL();
    }
}
