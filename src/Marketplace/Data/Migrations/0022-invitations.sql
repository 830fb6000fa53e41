CREATE TABLE invitations (
    id TEXT PRIMARY KEY,
    publisher TEXT NOT NULL REFERENCES publishers (name),
    -- The name that was typed.
    account TEXT NOT NULL,
    -- Null when there was no such account: nobody can accept it, and who invites is not told.
    account_id TEXT REFERENCES accounts (id),
    role TEXT NOT NULL,
    -- Whether who invites leaves.
    is_transfer INTEGER NOT NULL,
    invited_by TEXT NOT NULL REFERENCES accounts (id),
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    UNIQUE (publisher, account)
);
CREATE INDEX invitations_account ON invitations (account_id);

-- A later step, which a server may have made first, has it too.
CREATE TABLE IF NOT EXISTS publisher_domains (
    publisher TEXT NOT NULL REFERENCES publishers (name),
    domain TEXT NOT NULL,
    -- What has to be found there.
    proof TEXT NOT NULL,
    created BIGINT NOT NULL,
    checked BIGINT NOT NULL DEFAULT 0,
    -- When it was found last; null for never.
    verified BIGINT,
    PRIMARY KEY (publisher, domain)
);
