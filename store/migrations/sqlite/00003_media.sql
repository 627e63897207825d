-- +goose Up
CREATE TABLE deposits (
  id           TEXT   PRIMARY KEY,
  account      TEXT   NOT NULL,
  kind         TEXT   NOT NULL,
  at           BIGINT NOT NULL,
  collection   BLOB   NOT NULL,
  proof_name   TEXT   NOT NULL DEFAULT '',
  proof_digest TEXT   NOT NULL DEFAULT '',
  proof        BLOB
);
CREATE INDEX deposits_account ON deposits (account, at);

-- +goose Down
DROP TABLE deposits;
