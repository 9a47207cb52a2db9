package dev.gangway.catalog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Builds jars entry by entry, so that tests decide about directory entries and nesting. */
final class TestJars {

    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    TestJars folder(String path) {
        entries.put(path + "/", new byte[0]);
        return this;
    }

    TestJars file(String path, String text) {
        return file(path, text.getBytes(StandardCharsets.UTF_8));
    }

    TestJars file(String path, byte[] content) {
        entries.put(path, content);
        return this;
    }

    /** Stored, because Spring Boot's loader reads nested jars in place. */
    byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                CRC32 crc = new CRC32();
                crc.update(entry.getValue());
                header.setCrc(crc.getValue());
                header.setSize(entry.getValue().length);
                zip.putNextEntry(header);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    Path write(Path path) throws IOException {
        return Files.write(path, bytes());
    }
}
