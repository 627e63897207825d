-- +goose Up
-- What programs were answered that may ask again: status 0 is being answered.
CREATE TABLE answers (
  person  TEXT    NOT NULL,
  key     TEXT    NOT NULL,
  request TEXT    NOT NULL,
  at      BIGINT  NOT NULL,
  status  INTEGER NOT NULL,
  header  TEXT    NOT NULL,
  body    TEXT    NOT NULL,
  PRIMARY KEY (person, key)
);
CREATE INDEX answers_at ON answers (at);

-- +goose Down
DROP TABLE answers;
