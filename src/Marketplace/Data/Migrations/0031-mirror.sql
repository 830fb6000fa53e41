-- What was fetched from the upstream registry, or imported: its documents as they came and were verified, and ours made from them.
CREATE TABLE mirrored_documents (
    path TEXT PRIMARY KEY,
    publisher TEXT NOT NULL,
    -- Ids of the keys that it was verified with; others begin its numbers anew.
    roots TEXT NOT NULL,
    original TEXT NOT NULL,
    original_sequence BIGINT NOT NULL,
    original_expires BIGINT NOT NULL,
    etag TEXT,
    checked BIGINT NOT NULL,
    -- Of what ours was made from.
    basis TEXT NOT NULL DEFAULT '',
    sequence BIGINT NOT NULL DEFAULT 0,
    expires BIGINT NOT NULL DEFAULT 0,
    content TEXT NOT NULL DEFAULT '',
    digest TEXT NOT NULL DEFAULT ''
);
CREATE INDEX mirrored_documents_publisher ON mirrored_documents (publisher);

-- The versions that those documents list.
CREATE TABLE mirrored_versions (
    digest TEXT PRIMARY KEY,
    plugin_id TEXT NOT NULL,
    version TEXT NOT NULL,
    size BIGINT NOT NULL,
    line TEXT NOT NULL,
    -- Why it is not handed out.
    withdrawn TEXT,
    -- From when its package is here: the author's envelopes, and this registry's.
    stored BIGINT,
    signatures TEXT,
    admission TEXT
);
CREATE INDEX mirrored_versions_plugin ON mirrored_versions (plugin_id);
