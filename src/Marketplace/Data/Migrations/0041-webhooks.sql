CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    publisher TEXT NOT NULL REFERENCES publishers (name),
    url TEXT NOT NULL,
    -- One a line; all when empty.
    events TEXT NOT NULL,
    -- The secret is made from this and the registry's key, so it is kept nowhere.
    salt TEXT NOT NULL,
    created BIGINT NOT NULL,
    -- Events that found too many waiting.
    dropped BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX webhooks_publisher ON webhooks (publisher);

CREATE TABLE webhook_deliveries (
    id TEXT PRIMARY KEY,
    webhook_id TEXT NOT NULL,
    publisher TEXT NOT NULL,
    event TEXT NOT NULL,
    payload TEXT NOT NULL,
    created BIGINT NOT NULL,
    -- waiting, delivered or dead.
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    next_attempt BIGINT NOT NULL,
    claimed_by TEXT,
    claimed_until BIGINT NOT NULL DEFAULT 0,
    -- What came of the last attempt.
    status BIGINT,
    reason TEXT,
    attempted BIGINT
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (state, next_attempt);
CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_claimed ON webhook_deliveries (publisher, claimed_until);
