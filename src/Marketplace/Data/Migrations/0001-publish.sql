CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE sessions (
    hash TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    plugins TEXT NOT NULL,
    networks TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    last_used BIGINT
);
CREATE INDEX tokens_account ON tokens (account_id);

CREATE TABLE publishers (
    name TEXT PRIMARY KEY,
    -- What the name looks like: two names must not look the same.
    looks TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE members (
    publisher TEXT NOT NULL REFERENCES publishers (name),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (publisher, account_id)
);
CREATE INDEX members_account ON members (account_id);

CREATE TABLE author_keys (
    publisher TEXT NOT NULL REFERENCES publishers (name),
    key_id TEXT NOT NULL,
    -- SubjectPublicKeyInfo in base64.
    spki TEXT NOT NULL,
    comment TEXT NOT NULL,
    added BIGINT NOT NULL,
    replaced_by TEXT,
    -- The envelope that the old key and the new one have signed.
    rotation TEXT,
    revoked TEXT,
    revoked_at BIGINT,
    PRIMARY KEY (publisher, key_id)
);

CREATE TABLE plugins (
    id TEXT PRIMARY KEY,
    publisher TEXT NOT NULL REFERENCES publishers (name),
    created BIGINT NOT NULL,
    deprecated TEXT,
    successor TEXT,
    -- Of the version that a new user gets; null when there is none.
    latest TEXT,
    display_name TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    license TEXT NOT NULL DEFAULT '',
    categories TEXT NOT NULL DEFAULT '',
    rating DOUBLE PRECISION NOT NULL DEFAULT 3,
    rated BIGINT NOT NULL DEFAULT 0,
    updated BIGINT NOT NULL DEFAULT 0,
    installs BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX plugins_publisher ON plugins (publisher);
CREATE INDEX plugins_updated ON plugins (updated, id);
CREATE INDEX plugins_rating ON plugins (rating, id);
CREATE INDEX plugins_installs ON plugins (installs, id);

CREATE TABLE versions (
    plugin_id TEXT NOT NULL REFERENCES plugins (id),
    -- The version without build metadata, which does not tell versions apart.
    version_key TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    size BIGINT NOT NULL,
    state TEXT NOT NULL,
    reasons TEXT NOT NULL,
    submitted BIGINT NOT NULL,
    submitted_by TEXT NOT NULL REFERENCES accounts (id),
    since BIGINT NOT NULL,
    published BIGINT,
    -- The line of the index, as far as the package makes it.
    line TEXT NOT NULL,
    manifest TEXT NOT NULL,
    -- The author's envelopes, one a line.
    signatures TEXT NOT NULL,
    -- The registry's envelope, from when it went live.
    admission TEXT,
    verdict_digest TEXT,
    cooldown_hours INTEGER NOT NULL DEFAULT 0,
    yanked TEXT,
    quarantined TEXT,
    kill TEXT,
    installs BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (plugin_id, version_key)
);
CREATE INDEX versions_state ON versions (state, since);

CREATE TABLE dependencies (
    plugin_id TEXT NOT NULL,
    version_key TEXT NOT NULL,
    depends_on TEXT NOT NULL,
    range TEXT NOT NULL,
    is_optional INTEGER NOT NULL,
    PRIMARY KEY (plugin_id, version_key, depends_on)
);
CREATE INDEX dependencies_on ON dependencies (depends_on);

CREATE TABLE scan_jobs (
    plugin_id TEXT NOT NULL,
    version_key TEXT NOT NULL,
    -- Those who wait to go live come before those that are looked at again.
    priority INTEGER NOT NULL DEFAULT 0,
    enqueued BIGINT NOT NULL,
    claimed_by TEXT,
    claimed_until BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (plugin_id, version_key)
);
CREATE INDEX scan_jobs_order ON scan_jobs (priority, enqueued);

CREATE TABLE scans (
    plugin_id TEXT NOT NULL,
    version_key TEXT NOT NULL,
    scanner TEXT NOT NULL,
    verdict TEXT NOT NULL,
    rules_version INTEGER NOT NULL,
    findings TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (plugin_id, version_key, scanner)
);

CREATE TABLE human_verdicts (
    plugin_id TEXT NOT NULL,
    version_key TEXT NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    account TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (plugin_id, version_key)
);

-- The signed documents as they are served.
CREATE TABLE documents (
    path TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    content TEXT NOT NULL,
    digest TEXT NOT NULL
);
CREATE INDEX documents_expires ON documents (expires);

CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    account TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    reason TEXT NOT NULL
);
