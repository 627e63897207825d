-- +goose Up
-- One row a fault, with what lists are chosen and sorted by; body is all of it.
CREATE TABLE cases (
  fingerprint TEXT    PRIMARY KEY,
  site        TEXT    NOT NULL,
  kind        TEXT    NOT NULL,
  unit        TEXT    NOT NULL,
  check_id    TEXT    NOT NULL,
  severity    TEXT    NOT NULL,
  stage       TEXT    NOT NULL,
  since       BIGINT  NOT NULL,
  first_seen  BIGINT  NOT NULL,
  due         BIGINT  NOT NULL,
  until       BIGINT  NOT NULL,
  order_id    TEXT    NOT NULL,
  assignee    TEXT    NOT NULL,
  relapses    INTEGER NOT NULL,
  inspection  TEXT    NOT NULL,
  words       TEXT    NOT NULL,
  version     BIGINT  NOT NULL,
  body        TEXT    NOT NULL
);
CREATE INDEX cases_since ON cases (since, fingerprint);
CREATE INDEX cases_site ON cases (site, since, fingerprint);
CREATE INDEX cases_unit ON cases (unit, since, fingerprint);
CREATE INDEX cases_stage ON cases (stage, since, fingerprint);
CREATE INDEX cases_check ON cases (check_id, since, fingerprint);
CREATE INDEX cases_first ON cases (first_seen, fingerprint);
CREATE INDEX cases_due ON cases (due, fingerprint);
CREATE INDEX cases_until ON cases (until) WHERE until <> 0;
CREATE INDEX cases_order ON cases (order_id) WHERE order_id <> '';

-- What became of a case: n is the version that the step made. told is for the
-- room that tells people.
CREATE TABLE steps (
  case_id    TEXT    NOT NULL,
  n          BIGINT  NOT NULL,
  at         BIGINT  NOT NULL,
  act        TEXT    NOT NULL,
  from_stage TEXT    NOT NULL,
  to_stage   TEXT    NOT NULL,
  person     TEXT    NOT NULL,
  body       TEXT    NOT NULL,
  told       BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (case_id, n)
);
CREATE INDEX steps_at ON steps (at);
CREATE INDEX steps_untold ON steps (at) WHERE NOT told;

-- What people decided; each hash holds the one before it.
CREATE TABLE audit (
  seq     BIGINT PRIMARY KEY,
  at      BIGINT NOT NULL,
  person  TEXT   NOT NULL,
  act     TEXT   NOT NULL,
  subject TEXT   NOT NULL,
  body    TEXT   NOT NULL,
  hash    TEXT   NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, seq);

-- +goose Down
DROP TABLE audit;
DROP TABLE steps;
DROP TABLE cases;
