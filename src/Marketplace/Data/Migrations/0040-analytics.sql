-- What people searched for and did not find; never who.
CREATE TABLE missed_searches (
    term TEXT PRIMARY KEY,
    searches BIGINT NOT NULL,
    -- Days since 1970.
    first_day BIGINT NOT NULL,
    last_day BIGINT NOT NULL
);
CREATE INDEX missed_searches_day ON missed_searches (last_day);

CREATE INDEX downloads_old ON downloads (day);
