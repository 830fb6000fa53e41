-- How often packages that no record named were removed: who publishes one meanwhile finds out by the number.
CREATE TABLE package_sweeps (
    digest TEXT PRIMARY KEY,
    sweeps BIGINT NOT NULL,
    is_under_way INTEGER NOT NULL
);

-- The key that all nodes sign with, by its id; there is one row.
CREATE TABLE registry_key (
    id INTEGER PRIMARY KEY,
    key_id TEXT NOT NULL
);
