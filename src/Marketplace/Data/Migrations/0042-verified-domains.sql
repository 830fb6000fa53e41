-- The same as in the step that brings invitations; whichever is made first makes it.
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
