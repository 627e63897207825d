-- +goose Up
CREATE TABLE successes (
  kind TEXT   PRIMARY KEY,
  at   BIGINT NOT NULL
);

-- +goose Down
DROP TABLE successes;
