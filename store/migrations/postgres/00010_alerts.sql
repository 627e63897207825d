-- +goose Up
-- What is to be told to whom; in a message it has been told, as far as we are
-- concerned.
CREATE TABLE alerts (
  id       TEXT   PRIMARY KEY,
  about    TEXT   NOT NULL,
  due      BIGINT NOT NULL,
  message  TEXT   NOT NULL DEFAULT '',
  told     BIGINT NOT NULL DEFAULT 0,
  body     TEXT   NOT NULL
);
CREATE INDEX alerts_about ON alerts (about);
CREATE INDEX alerts_waiting ON alerts (due) WHERE message = '';
CREATE INDEX alerts_told ON alerts (told) WHERE told <> 0;

-- The queue of messages and the log of what became of them.
CREATE TABLE messages (
  id       TEXT    PRIMARY KEY,
  channel  TEXT    NOT NULL,
  contact  TEXT    NOT NULL,
  subject  TEXT    NOT NULL,
  total    INTEGER NOT NULL,
  created  BIGINT  NOT NULL,
  state    TEXT    NOT NULL,
  attempts INTEGER NOT NULL,
  next     BIGINT  NOT NULL,
  begun    BIGINT  NOT NULL,
  ended    BIGINT  NOT NULL,
  again    BOOLEAN NOT NULL,
  error    TEXT    NOT NULL,
  body     TEXT    NOT NULL
);
CREATE INDEX messages_created ON messages (created);
CREATE INDEX messages_open ON messages (channel, created) WHERE state IN ('waiting', 'taken', 'sending');

CREATE TABLE silences (
  id       TEXT   PRIMARY KEY,
  unit     TEXT   NOT NULL,
  site     TEXT   NOT NULL,
  check_id TEXT   NOT NULL,
  about    TEXT   NOT NULL,
  why      TEXT   NOT NULL,
  person   TEXT   NOT NULL,
  begins   BIGINT NOT NULL,
  until    BIGINT NOT NULL
);
CREATE INDEX silences_until ON silences (until);

-- +goose Down
DROP TABLE silences;
DROP TABLE messages;
DROP TABLE alerts;
