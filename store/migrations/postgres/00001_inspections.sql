-- +goose Up
CREATE TABLE inspections (
  id               TEXT PRIMARY KEY,
  site_id          TEXT    NOT NULL,
  site             TEXT    NOT NULL,
  now              BIGINT  NOT NULL,
  started          BIGINT  NOT NULL,
  finished         BIGINT  NOT NULL DEFAULT 0,
  done             BOOLEAN NOT NULL DEFAULT FALSE,
  complete         BOOLEAN NOT NULL DEFAULT FALSE,
  stopped          TEXT    NOT NULL DEFAULT '',
  rulebook_id      TEXT    NOT NULL DEFAULT '',
  rulebook_version TEXT    NOT NULL DEFAULT '',
  rulebook_digest  TEXT    NOT NULL DEFAULT '',
  options          TEXT    NOT NULL DEFAULT 'null',
  verdict          TEXT    NOT NULL DEFAULT '',
  counts           TEXT    NOT NULL DEFAULT '{}',
  grade            TEXT    NOT NULL DEFAULT '{}',
  clocks           TEXT    NOT NULL DEFAULT '[]',
  seen             TEXT    NOT NULL DEFAULT '{}'
);
CREATE INDEX inspections_site ON inspections (site_id, started);

CREATE TABLE events (
  inspection   TEXT    NOT NULL REFERENCES inspections (id) ON DELETE CASCADE,
  seq          BIGINT  NOT NULL,
  kind         TEXT    NOT NULL,
  url          TEXT    NOT NULL DEFAULT '',
  final        TEXT    NOT NULL DEFAULT '',
  status       INTEGER NOT NULL DEFAULT 0,
  verdict      TEXT    NOT NULL DEFAULT '',
  cause        TEXT    NOT NULL DEFAULT '',
  detail       TEXT    NOT NULL DEFAULT '',
  fetched      BIGINT  NOT NULL DEFAULT 0,
  took         BIGINT  NOT NULL DEFAULT 0,
  header       TEXT    NOT NULL DEFAULT '',
  digest       TEXT    NOT NULL DEFAULT '',
  kept         BOOLEAN NOT NULL DEFAULT FALSE,
  depth        INTEGER NOT NULL DEFAULT 0,
  type         TEXT    NOT NULL DEFAULT '',
  charset      TEXT    NOT NULL DEFAULT '',
  charset_from TEXT    NOT NULL DEFAULT '',
  truncated    BOOLEAN NOT NULL DEFAULT FALSE,
  unchanged    BOOLEAN NOT NULL DEFAULT FALSE,
  links        BYTEA,
  PRIMARY KEY (inspection, seq)
);
CREATE INDEX events_page ON events (inspection, url) WHERE kind = 'page';

CREATE TABLE bodies (
  digest TEXT   PRIMARY KEY,
  pack   TEXT   NOT NULL,
  at     BIGINT NOT NULL,
  size   BIGINT NOT NULL,
  form   TEXT   NOT NULL
);

CREATE TABLE findings (
  inspection  TEXT    NOT NULL REFERENCES inspections (id) ON DELETE CASCADE,
  n           INTEGER NOT NULL,
  check_id    TEXT    NOT NULL,
  outcome     TEXT    NOT NULL,
  url         TEXT    NOT NULL,
  locus       TEXT    NOT NULL,
  class       TEXT    NOT NULL,
  message     TEXT    NOT NULL,
  value       DOUBLE PRECISION NOT NULL,
  unit        TEXT    NOT NULL,
  template    BOOLEAN NOT NULL,
  status      INTEGER NOT NULL,
  fetched     BIGINT  NOT NULL,
  digest      TEXT    NOT NULL,
  places      INTEGER NOT NULL,
  examples    TEXT    NOT NULL,
  fingerprint TEXT    NOT NULL,
  items       TEXT    NOT NULL,
  PRIMARY KEY (inspection, n)
);
CREATE INDEX findings_fingerprint ON findings (fingerprint);

-- +goose Down
DROP TABLE findings;
DROP TABLE bodies;
DROP TABLE events;
DROP TABLE inspections;
