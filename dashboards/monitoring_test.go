package dashboards_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/xunjian/xunjian/dashboards"
)

// All that an operations team needs is written, and what it changed stays.
func TestWriteMonitoring(t *testing.T) {
	dir := t.TempDir()
	first, err := dashboards.WriteMonitoring(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	rules := filepath.Join(dir, "prometheus", "rules.yml")
	for _, want := range []string{rules, filepath.Join(dir, "prometheus", "prometheus.yml"), filepath.Join(dir, "alertmanager", "alertmanager.yml"), filepath.Join(dir, "grafana", "json", "xunjian-fleet.json"),
		filepath.Join(dir, "grafana", "provisioning", "dashboards", "xunjian.yaml"), filepath.Join(dir, "grafana", "provisioning", "datasources", "xunjian.yaml")} {
		if !slices.Contains(first, want) {
			t.Errorf("%s was not written", want)
		}
	}
	if err := os.WriteFile(rules, []byte("groups: []\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if again, err := dashboards.WriteMonitoring(dir, false); err != nil || len(again) != 0 {
		t.Errorf("written again: %v, %v", again, err)
	}
	if again, err := dashboards.WriteMonitoring(dir, true); err != nil || len(again) != len(first) {
		t.Errorf("replaced: %d of %d, %v", len(again), len(first), err)
	}
}
