package main

import (
	"fmt"

	"github.com/xunjian/xunjian/dashboards"
)

type monitoringCmd struct {
	Dir     string `arg:"" default:"xunjian-monitoring" help:"写入的目录"`
	Replace bool   `help:"覆盖已有的文件"`
}

func (monitoringCmd) Examples() string {
	return "  xunjian monitoring /etc/xunjian/monitoring\n  xunjian monitoring --replace    # 升级之后"
}

// Run writes what Prometheus, Alertmanager and Grafana read.
func (c *monitoringCmd) Run(e *env) error {
	written, err := dashboards.WriteMonitoring(c.Dir, c.Replace)
	for _, f := range written {
		fmt.Fprintln(e.stdout, f)
	}
	if err == nil && len(written) == 0 {
		fmt.Fprintln(e.stderr, "文件都已存在，没有改动；用 --replace 覆盖")
	}
	return err
}
