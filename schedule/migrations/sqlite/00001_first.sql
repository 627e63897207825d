-- +goose Up
CREATE TABLE timetable (
  kind     TEXT   NOT NULL,
  target   TEXT   NOT NULL,
  spec     TEXT   NOT NULL,
  next_due BIGINT NOT NULL,
  last_due BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, target)
);
CREATE INDEX timetable_due ON timetable (next_due);

CREATE TABLE workers (
  id    TEXT   PRIMARY KEY,
  until BIGINT NOT NULL
);

CREATE TABLE leases (
  name   TEXT   PRIMARY KEY,
  holder TEXT   NOT NULL,
  token  BIGINT NOT NULL
);

-- +goose Down
DROP TABLE leases;
DROP TABLE workers;
DROP TABLE timetable;
