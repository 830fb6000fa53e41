-- Whether a second owner has to approve what goes live.
ALTER TABLE publishers ADD COLUMN needs_approval INTEGER NOT NULL DEFAULT 0;

CREATE TABLE approvals (
    plugin_id TEXT NOT NULL,
    version_key TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (plugin_id, version_key)
);

-- What publishers say to what the checks made of a version; once for each.
CREATE TABLE appeals (
    plugin_id TEXT NOT NULL,
    version_key TEXT NOT NULL,
    account TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- When a person has decided; null while nobody has.
    decided BIGINT,
    PRIMARY KEY (plugin_id, version_key)
);

-- The rejections that a person has overruled, a line each: the scanner, and the digest of what it found.
ALTER TABLE human_verdicts ADD COLUMN overruled TEXT NOT NULL DEFAULT '';
