-- +goose Up
-- Which events name a body: half of its digest tells it from every other.
CREATE INDEX events_body ON events (substr(CASE WHEN body <> '' THEN body ELSE digest END, 8, 16)) WHERE kept;
CREATE INDEX bodies_pack ON bodies (pack);
CREATE INDEX findings_digest ON findings (digest) WHERE digest <> '';

CREATE TABLE probe_days (
  site    TEXT   NOT NULL,
  day     TEXT   NOT NULL,
  network TEXT   NOT NULL,
  visited BIGINT NOT NULL,
  told    BIGINT NOT NULL,
  failed  BIGINT NOT NULL,
  causes  TEXT   NOT NULL,
  median  BIGINT NOT NULL,
  p95     BIGINT NOT NULL,
  PRIMARY KEY (site, day, network)
);

-- While one stands, nothing is pruned.
CREATE TABLE holds (
  id   TEXT   PRIMARY KEY,
  why  TEXT   NOT NULL,
  ends BIGINT NOT NULL
);

CREATE TABLE pages_seen (
  site         TEXT   NOT NULL,
  url          TEXT   NOT NULL,
  first_seen   BIGINT NOT NULL,
  last_seen    BIGINT NOT NULL,
  last_changed BIGINT NOT NULL,
  digest       TEXT   NOT NULL,
  PRIMARY KEY (site, url)
);

CREATE TABLE items_seen (
  site        TEXT   NOT NULL,
  column_name TEXT   NOT NULL,
  url         TEXT   NOT NULL,
  title       TEXT   NOT NULL,
  first_seen  BIGINT NOT NULL,
  last_seen   BIGINT NOT NULL,
  date        BIGINT NOT NULL,
  PRIMARY KEY (site, column_name, url)
);
CREATE INDEX items_seen_url ON items_seen (url);

-- +goose Down
DROP TABLE items_seen;
DROP TABLE pages_seen;
DROP TABLE holds;
DROP TABLE probe_days;
DROP INDEX findings_digest;
DROP INDEX bodies_pack;
DROP INDEX events_body;
