-- +goose Up
CREATE TABLE readings (
  inspection TEXT   NOT NULL REFERENCES inspections (id) ON DELETE CASCADE,
  n          BIGINT NOT NULL,
  key        TEXT   NOT NULL,
  urls       BLOB   NOT NULL,
  data       BLOB   NOT NULL,
  PRIMARY KEY (inspection, n)
);

-- +goose Down
DROP TABLE readings;
