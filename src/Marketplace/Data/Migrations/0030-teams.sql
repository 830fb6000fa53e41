CREATE TABLE teams (
    name TEXT PRIMARY KEY,
    created BIGINT NOT NULL
);

CREATE TABLE team_members (
    team TEXT NOT NULL REFERENCES teams (name),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    since BIGINT NOT NULL,
    PRIMARY KEY (team, account_id)
);
CREATE INDEX team_members_account ON team_members (account_id);

-- What not everybody sees: a publisher, or one plugin. Names of publishers have no dot, those of plugins have one.
CREATE TABLE restrictions (
    subject TEXT PRIMARY KEY,
    publisher TEXT NOT NULL REFERENCES publishers (name),
    since BIGINT NOT NULL
);

-- Who sees it besides the members of its publisher.
CREATE TABLE restriction_teams (
    subject TEXT NOT NULL REFERENCES restrictions (subject),
    team TEXT NOT NULL REFERENCES teams (name),
    PRIMARY KEY (subject, team)
);
CREATE INDEX restriction_teams_team ON restriction_teams (team);
