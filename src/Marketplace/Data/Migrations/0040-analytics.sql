-- What people searched for and did not find; never who.
CREATE TABLE search_misses (
    term TEXT PRIMARY KEY,
    searches BIGINT NOT NULL,
    -- Days since 1970.
    first_day BIGINT NOT NULL,
    last_day BIGINT NOT NULL
);
CREATE INDEX search_misses_day ON search_misses (last_day);

CREATE INDEX downloads_old ON downloads (day);
