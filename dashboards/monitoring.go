package dashboards

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// monitoring is what Prometheus, Alertmanager and Grafana read.
//
//go:embed prometheus/prometheus.yml prometheus/rules.yml alertmanager/alertmanager.yml grafana/json grafana/provisioning
var monitoring embed.FS

// WriteMonitoring writes the rules, the examples and the dashboards below a
// directory, and returns their names. A file that is there already is left
// alone unless it is to be replaced: somebody may have changed it.
func WriteMonitoring(dir string, replace bool) (written []string, err error) {
	err = fs.WalkDir(monitoring, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := monitoring.ReadFile(name)
		if err != nil {
			return err
		}
		file := filepath.Join(dir, filepath.FromSlash(name))
		if _, err := os.Stat(file); err == nil && !replace {
			return nil
		}
		written = append(written, file)
		return errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, data, 0o644))
	})
	if err != nil {
		return written, fmt.Errorf("write monitoring files: %w", err)
	}
	return written, nil
}
