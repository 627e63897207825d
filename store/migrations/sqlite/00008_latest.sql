-- +goose Up
-- The last complete inspection of each site, found without reading the rows.
CREATE INDEX inspections_latest ON inspections (scope, complete, site_id, started);

CREATE INDEX cases_counts ON cases (unit, severity, stage, due, until);

-- +goose Down
DROP INDEX cases_counts;
DROP INDEX inspections_latest;
