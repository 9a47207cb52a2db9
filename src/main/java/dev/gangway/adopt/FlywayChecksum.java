package dev.gangway.adopt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.zip.CRC32;

/** Flyway's checksum of a script: CRC32 over its lines in UTF-8, without byte order mark and line ends. */
final class FlywayChecksum {
    private FlywayChecksum() {}

    /** @param text without a byte order mark */
    static int of(String text) {
        CRC32 crc = new CRC32();
        text.lines().forEach(line -> crc.update(line.getBytes(UTF_8)));
        return (int) crc.getValue();
    }
}
