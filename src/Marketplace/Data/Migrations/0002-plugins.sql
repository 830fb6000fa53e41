-- What a version says about itself, for showing, searching and comparing.
CREATE TABLE version_texts (
    plugin_id TEXT NOT NULL,
    version_key TEXT NOT NULL,
    readme TEXT,
    changelog TEXT,
    -- Base64 of the sketch's numbers.
    readme_sketch TEXT NOT NULL,
    icon TEXT,
    PRIMARY KEY (plugin_id, version_key)
);

-- Of the version that a new user gets.
CREATE TABLE plugin_categories (
    plugin_id TEXT NOT NULL,
    category TEXT NOT NULL,
    PRIMARY KEY (plugin_id, category)
);
CREATE INDEX plugin_categories_category ON plugin_categories (category);

CREATE TABLE plugin_permissions (
    plugin_id TEXT NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (plugin_id, permission)
);
CREATE INDEX plugin_permissions_permission ON plugin_permissions (permission);

-- The versions of the host API that it runs on.
CREATE TABLE plugin_host_apis (
    plugin_id TEXT NOT NULL,
    host_api TEXT NOT NULL,
    PRIMARY KEY (plugin_id, host_api)
);

CREATE TABLE ratings (
    plugin_id TEXT PRIMARY KEY,
    stars1 BIGINT NOT NULL DEFAULT 0,
    stars2 BIGINT NOT NULL DEFAULT 0,
    stars3 BIGINT NOT NULL DEFAULT 0,
    stars4 BIGINT NOT NULL DEFAULT 0,
    stars5 BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE reviews (
    id TEXT PRIMARY KEY,
    plugin_id TEXT NOT NULL REFERENCES plugins (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    stars INTEGER NOT NULL,
    body TEXT NOT NULL,
    version TEXT NOT NULL,
    written BIGINT NOT NULL,
    edited BIGINT,
    helpful BIGINT NOT NULL DEFAULT 0,
    reply TEXT,
    replied BIGINT,
    hidden TEXT,
    UNIQUE (plugin_id, account_id)
);

CREATE TABLE review_edits (
    id TEXT PRIMARY KEY,
    review_id TEXT NOT NULL,
    until BIGINT NOT NULL,
    stars INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX review_edits_review ON review_edits (review_id);

CREATE TABLE review_votes (
    review_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    PRIMARY KEY (review_id, account_id)
);

CREATE TABLE review_reports (
    review_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (review_id, account_id)
);

-- What accounts have downloaded while they were signed in.
CREATE TABLE installations (
    account_id TEXT NOT NULL,
    plugin_id TEXT NOT NULL,
    version TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account_id, plugin_id)
);

CREATE TABLE downloads (
    plugin_id TEXT NOT NULL,
    version_key TEXT NOT NULL,
    -- Days since 1970.
    day INTEGER NOT NULL,
    -- Name and version of the program that asked.
    client TEXT NOT NULL,
    installs BIGINT NOT NULL,
    downloads BIGINT NOT NULL,
    PRIMARY KEY (plugin_id, version_key, day, client)
);
CREATE INDEX downloads_day ON downloads (plugin_id, day);

-- Who has downloaded what today, as a hash that nobody can turn back tomorrow.
CREATE TABLE download_marks (
    day INTEGER NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (day, mark)
);

-- What marks are hashed with; forgotten with them.
CREATE TABLE download_salts (
    day INTEGER PRIMARY KEY,
    salt TEXT NOT NULL
);
