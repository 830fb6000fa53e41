CREATE TABLE second_factors (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    -- Encrypted for this account, with a key that is made from the registry's.
    secret TEXT NOT NULL,
    created BIGINT NOT NULL,
    -- Null until a code has shown that the account's owner has it.
    confirmed BIGINT,
    -- Of the last code that was taken; none at or before it is taken any more.
    last_step BIGINT NOT NULL DEFAULT 0,
    failures BIGINT NOT NULL DEFAULT 0,
    locked_until BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE recovery_codes (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    hash TEXT NOT NULL,
    PRIMARY KEY (account_id, hash)
);

-- Who has shown the first factor, and not the second yet.
CREATE TABLE half_sign_ins (
    hash TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    expires BIGINT NOT NULL
);
CREATE INDEX half_sign_ins_expires ON half_sign_ins (expires);
