-- +goose Up
CREATE TABLE bulletins (
  id       TEXT   PRIMARY KEY,
  kind     TEXT   NOT NULL,
  period   TEXT   NOT NULL,
  unit     TEXT   NOT NULL,
  issue    BIGINT NOT NULL,
  state    TEXT   NOT NULL,
  number   TEXT   NOT NULL,
  made     BIGINT NOT NULL,
  closes   BIGINT NOT NULL,
  locked   BIGINT NOT NULL,
  digest   TEXT   NOT NULL,
  corrects TEXT   NOT NULL,
  options  TEXT   NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX bulletins_issue ON bulletins (kind, period, unit, issue);
CREATE UNIQUE INDEX bulletins_number ON bulletins (number) WHERE number <> '';

CREATE TABLE bulletin_files (
  bulletin TEXT   NOT NULL,
  name     TEXT   NOT NULL,
  digest   TEXT   NOT NULL,
  data     BLOB   NOT NULL,
  PRIMARY KEY (bulletin, name)
);

CREATE TABLE objections (
  bulletin TEXT    NOT NULL,
  n        BIGINT  NOT NULL,
  case_id  TEXT    NOT NULL,
  unit     TEXT    NOT NULL,
  person   TEXT    NOT NULL,
  at       BIGINT  NOT NULL,
  why      TEXT    NOT NULL,
  judge    TEXT    NOT NULL,
  settled  BIGINT  NOT NULL,
  upheld   BOOLEAN NOT NULL,
  decision TEXT    NOT NULL,
  PRIMARY KEY (bulletin, n)
) WITHOUT ROWID;

-- For the papers of a period: which inspections lie in it.
CREATE INDEX inspections_now ON inspections (now) WHERE scope = '' AND complete;
CREATE INDEX items_seen_date ON items_seen (date);

-- What is locked never changes, whatever the program does.
-- +goose StatementBegin
CREATE TRIGGER bulletins_locked BEFORE UPDATE ON bulletins WHEN OLD.state = 'locked' BEGIN SELECT RAISE(ABORT, 'bulletin is locked'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bulletins_kept BEFORE DELETE ON bulletins WHEN OLD.state = 'locked' BEGIN SELECT RAISE(ABORT, 'bulletin is locked'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bulletin_files_locked BEFORE UPDATE ON bulletin_files WHEN (SELECT state FROM bulletins WHERE id = OLD.bulletin) = 'locked' BEGIN SELECT RAISE(ABORT, 'bulletin is locked'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bulletin_files_kept BEFORE DELETE ON bulletin_files WHEN (SELECT state FROM bulletins WHERE id = OLD.bulletin) = 'locked' BEGIN SELECT RAISE(ABORT, 'bulletin is locked'); END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER bulletin_files_kept;
DROP TRIGGER bulletin_files_locked;
DROP TRIGGER bulletins_kept;
DROP TRIGGER bulletins_locked;
DROP INDEX items_seen_date;
DROP INDEX inspections_now;
DROP TABLE objections;
DROP TABLE bulletin_files;
DROP TABLE bulletins;
