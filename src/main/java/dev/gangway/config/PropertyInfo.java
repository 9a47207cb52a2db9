package dev.gangway.config;

import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/** What {@link java.sql.Driver#getPropertyInfo} tells tools that build a form for a connection. */
public final class PropertyInfo {
    private PropertyInfo() {}

    /**
     * {@return our settings in the order of the documentation, then pgjdbc's}
     *
     * @param url  one that {@link JdbcUrl#accepts} accepts
     * @param info may be null
     */
    public static DriverPropertyInfo[] of(String url, @Nullable Properties info) throws SQLException {
        JdbcUrl parsed = JdbcUrl.parse(url);
        Properties given = info == null ? new Properties() : info;
        Map<String, String> inUrl = parsed.ownParameters();
        List<DriverPropertyInfo> all = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            String value = inUrl.getOrDefault(setting.key(), given.getProperty(setting.key(), setting.defaultValue()));
            DriverPropertyInfo property = new DriverPropertyInfo(setting.key(), value);
            property.description = setting.description();
            if (!setting.choices().isEmpty()) {
                property.choices = setting.choices().toArray(String[]::new);
            }
            all.add(property);
        }
        all.addAll(List.of(new Driver().getPropertyInfo(parsed.postgresUrl(), SettingsReader.withoutOwn(info))));
        return all.toArray(DriverPropertyInfo[]::new);
    }
}
