-- Accounts elsewhere by which somebody signs in here.
CREATE TABLE identities (
    provider TEXT NOT NULL,
    -- What the provider never gives to another.
    subject TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    linked BIGINT NOT NULL,
    PRIMARY KEY (provider, subject),
    UNIQUE (account_id, provider)
);

-- Who was sent to a provider and has not come back; each comes back once.
CREATE TABLE oauth_attempts (
    state_hash TEXT PRIMARY KEY,
    browser_hash TEXT NOT NULL,
    provider TEXT NOT NULL,
    -- Whose account is to be linked; null to sign in.
    account_id TEXT REFERENCES accounts (id),
    back TEXT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX oauth_attempts_expires ON oauth_attempts (expires);

-- Who came back, has no account here, and has to choose its name.
CREATE TABLE oauth_arrivals (
    hash TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX oauth_arrivals_expires ON oauth_arrivals (expires);
