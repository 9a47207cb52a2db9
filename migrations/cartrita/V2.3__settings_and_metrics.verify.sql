SELECT 'settings' AS category,
       'search_settings has its one row' AS name,
       count(*) = 1 AS passed
FROM search_settings;
