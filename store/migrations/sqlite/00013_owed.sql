-- +goose Up
-- The last day of an order while it asks something of its unit: what the unit
-- reported as repaired waits for us, and is not overdue.
ALTER TABLE cases ADD COLUMN owed BIGINT NOT NULL DEFAULT 0;
UPDATE cases SET owed = due WHERE stage = 'ordered';
CREATE INDEX cases_owed ON cases (owed, fingerprint, stage, severity);
CREATE INDEX cases_unit_owed ON cases (unit, owed, fingerprint, stage, severity);
DROP INDEX cases_order;
CREATE INDEX cases_order ON cases (order_id, unit, due, owed) WHERE order_id <> '';

-- +goose Down
DROP INDEX cases_order;
CREATE INDEX cases_order ON cases (order_id, unit, due) WHERE order_id <> '';
DROP INDEX cases_unit_owed;
DROP INDEX cases_owed;
ALTER TABLE cases DROP COLUMN owed;
