-- Downloads by the region of the node that sent them: apart from those by program, so that no row is about a few people.
CREATE TABLE download_regions (
    plugin_id TEXT NOT NULL,
    version_key TEXT NOT NULL,
    -- Days since 1970.
    day BIGINT NOT NULL,
    region TEXT NOT NULL,
    installs BIGINT NOT NULL,
    downloads BIGINT NOT NULL,
    PRIMARY KEY (plugin_id, version_key, day, region)
);
CREATE INDEX download_regions_old ON download_regions (day);
