-- +goose Up
-- How many cases there are of each kind: whoever counts a million of them does
-- not read them. It is written with the cases.
CREATE TABLE tally (
  unit     TEXT    NOT NULL,
  site     TEXT    NOT NULL,
  kind     TEXT    NOT NULL,
  check_id TEXT    NOT NULL,
  severity TEXT    NOT NULL,
  stage    TEXT    NOT NULL,
  relapsed BOOLEAN NOT NULL,
  n        BIGINT  NOT NULL,
  PRIMARY KEY (unit, site, kind, check_id, severity, stage, relapsed)
) WITHOUT ROWID;
INSERT INTO tally SELECT unit, site, kind, check_id, severity, stage, relapses > 0, COUNT(*) FROM cases GROUP BY 1, 2, 3, 4, 5, 6, 7;

-- By what lists are chosen together.
CREATE INDEX cases_check_stage ON cases (check_id, stage, since, fingerprint);
CREATE INDEX cases_severity ON cases (severity, since, fingerprint);
CREATE INDEX cases_severity_first ON cases (severity, first_seen, fingerprint);
CREATE INDEX cases_unit_due ON cases (unit, due, fingerprint) WHERE due > 0;
CREATE INDEX cases_assignee ON cases (assignee, since, fingerprint) WHERE assignee <> '';
CREATE INDEX cases_relapsed ON cases (stage, since, fingerprint) WHERE relapses > 0;
DROP INDEX cases_order;
CREATE INDEX cases_order ON cases (order_id, unit, due) WHERE order_id <> '';

-- +goose Down
DROP INDEX cases_order;
CREATE INDEX cases_order ON cases (order_id) WHERE order_id <> '';
DROP INDEX cases_relapsed;
DROP INDEX cases_assignee;
DROP INDEX cases_unit_due;
DROP INDEX cases_severity_first;
DROP INDEX cases_severity;
DROP INDEX cases_check_stage;
DROP TABLE tally;
