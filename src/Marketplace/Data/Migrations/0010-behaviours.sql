-- What versions did when they were tried.
CREATE TABLE behaviours (
    plugin_id TEXT NOT NULL,
    version_key TEXT NOT NULL,
    -- As the API gives it.
    content TEXT NOT NULL,
    PRIMARY KEY (plugin_id, version_key)
);
