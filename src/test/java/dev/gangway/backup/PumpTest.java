package dev.gangway.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PumpTest {
    private static final String SETTINGS = """
            BEGIN;
            SET lock_timeout = 0;
            SET transaction_timeout = 0;
            SET row_security = off;
            """;
    private static final String REST = "COPY t FROM stdin;\nSET transaction_timeout = 0;\n\\.\n";

    @Test
    void anOlderServerIsNotToldOfASettingThatItDoesNotKnow() throws IOException {
        assertThat(copied(16)).isEqualTo("BEGIN;\nSET lock_timeout = 0;\nSET row_security = off;\n" + REST);
    }

    @Test
    void aServerThatKnowsItIsTold() throws IOException {
        assertThat(copied(17)).isEqualTo(SETTINGS + REST);
    }

    private static String copied(int serverMajor) throws IOException {
        InputStream in = new ByteArrayInputStream((SETTINGS + REST).getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Pump.copySettings(in, out, serverMajor);
        in.transferTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
