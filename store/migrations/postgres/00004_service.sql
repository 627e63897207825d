-- +goose Up
ALTER TABLE inspections ADD COLUMN scope TEXT NOT NULL DEFAULT '';
ALTER TABLE inspections ADD COLUMN fence BIGINT NOT NULL DEFAULT 0;

CREATE TABLE probes (
  site    TEXT   NOT NULL,
  at      BIGINT NOT NULL,
  network TEXT   NOT NULL,
  url     TEXT   NOT NULL,
  verdict TEXT   NOT NULL,
  cause   TEXT   NOT NULL,
  whole   BIGINT NOT NULL,
  probe   TEXT   NOT NULL,
  PRIMARY KEY (site, at, network)
);
CREATE INDEX probes_at ON probes (at);

CREATE TABLE incidents (
  id     TEXT   PRIMARY KEY,
  kind   TEXT   NOT NULL,
  detail TEXT   NOT NULL,
  begun  BIGINT NOT NULL,
  seen   BIGINT NOT NULL,
  ended  BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE verdicts (
  url     TEXT   PRIMARY KEY,
  host    TEXT   NOT NULL,
  at      BIGINT NOT NULL,
  wanted  BIGINT NOT NULL,
  target  TEXT   NOT NULL
);
CREATE INDEX verdicts_at ON verdicts (at);

CREATE TABLE turns (
  host TEXT   PRIMARY KEY,
  next BIGINT NOT NULL
);

-- +goose Down
DROP TABLE turns;
DROP TABLE verdicts;
DROP TABLE incidents;
DROP TABLE probes;
ALTER TABLE inspections DROP COLUMN fence;
ALTER TABLE inspections DROP COLUMN scope;
