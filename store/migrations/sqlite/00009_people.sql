-- +goose Up
-- Who may log in. hash is of the password.
CREATE TABLE users (
  login    TEXT    PRIMARY KEY,
  name     TEXT    NOT NULL,
  role     TEXT    NOT NULL,
  unit     TEXT    NOT NULL,
  hash     TEXT    NOT NULL,
  disabled BOOLEAN NOT NULL,
  language TEXT    NOT NULL,
  created  BIGINT  NOT NULL
) WITHOUT ROWID;

-- hash is of the key that the browser holds.
CREATE TABLE sessions (
  hash    TEXT   PRIMARY KEY,
  login   TEXT   NOT NULL,
  created BIGINT NOT NULL,
  seen    BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  address TEXT   NOT NULL,
  agent   TEXT   NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_login ON sessions (login);

CREATE TABLE tokens (
  id      TEXT   PRIMARY KEY,
  hash    TEXT   NOT NULL UNIQUE,
  person  TEXT   NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  used    BIGINT NOT NULL
) WITHOUT ROWID;

-- Logins that failed, by what they are counted by.
CREATE TABLE attempts (
  subject TEXT   NOT NULL,
  at      BIGINT NOT NULL
);
CREATE INDEX attempts_subject ON attempts (subject, at);
CREATE INDEX attempts_at ON attempts (at);

-- What a browser showed of a page, for whoever looks at one finding.
CREATE INDEX events_shown ON events (inspection, url) WHERE kind = 'shown';

-- Waivers that wait for a second person.
ALTER TABLE cases ADD COLUMN pending BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX cases_pending ON cases (since, fingerprint) WHERE pending;

-- +goose Down
DROP INDEX cases_pending;
ALTER TABLE cases DROP COLUMN pending;
DROP INDEX events_shown;
DROP TABLE attempts;
DROP TABLE tokens;
DROP TABLE sessions;
DROP TABLE users;
