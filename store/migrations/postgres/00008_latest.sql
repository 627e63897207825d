-- +goose Up
-- The last complete inspection of each site, found without reading the rows.
CREATE INDEX inspections_latest ON inspections (scope, complete, site_id, started);

-- +goose Down
DROP INDEX inspections_latest;
