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
);
CREATE UNIQUE INDEX bulletins_issue ON bulletins (kind, period, unit, issue);
CREATE UNIQUE INDEX bulletins_number ON bulletins (number) WHERE number <> '';

CREATE TABLE bulletin_files (
  bulletin TEXT   NOT NULL,
  name     TEXT   NOT NULL,
  digest   TEXT   NOT NULL,
  data     BYTEA  NOT NULL,
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
);

-- For the papers of a period: which inspections lie in it.
CREATE INDEX inspections_now ON inspections (now) WHERE scope = '' AND complete;
CREATE INDEX items_seen_date ON items_seen (date);

-- What is locked never changes, whatever the program does.
-- +goose StatementBegin
CREATE FUNCTION refuse_locked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE state TEXT;
BEGIN
  IF TG_TABLE_NAME = 'bulletins' THEN
    state := OLD.state;
  ELSE
    SELECT b.state INTO state FROM bulletins b WHERE b.id = OLD.bulletin;
  END IF;
  IF state = 'locked' THEN
    RAISE EXCEPTION 'bulletin is locked';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER bulletins_locked BEFORE UPDATE OR DELETE ON bulletins FOR EACH ROW EXECUTE FUNCTION refuse_locked();
CREATE TRIGGER bulletin_files_locked BEFORE UPDATE OR DELETE ON bulletin_files FOR EACH ROW EXECUTE FUNCTION refuse_locked();

-- +goose Down
DROP TABLE objections;
DROP TABLE bulletin_files;
DROP TABLE bulletins;
DROP FUNCTION refuse_locked;
DROP INDEX items_seen_date;
DROP INDEX inspections_now;
