package main

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/xunjian/xunjian/checks"
	"github.com/xunjian/xunjian/config"
)

type checkConfigCmd struct {
	File   string `arg:"" optional:"" help:"配置文件"`
	Schema bool   `help:"输出配置文件的 JSON Schema，供编辑器使用"`
}

func (checkConfigCmd) Examples() string {
	return "  xunjian check-config site.yaml\n  xunjian check-config --schema > xunjian.schema.json"
}

func (c *checkConfigCmd) Run(e *env) error {
	if c.Schema {
		_, err := fmt.Fprintf(e.stdout, "%s\n", config.Schema())
		return err
	}
	if c.File == "" {
		return usage("xunjian check-config site.yaml", "没有给出配置文件")
	}
	cfg, err := config.Load(c.File)
	if err != nil {
		return usageError{err: err}
	}
	rb, err := config.LoadRules(cfg.Rulebook, checks.All)
	if err != nil {
		return usageError{err: err}
	}
	if _, err := newAlerts(cfg, nil, slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	if few := (&service{p: &plan{cfg: cfg}}).sparse(time.Now()); len(few) > 0 {
		fmt.Fprintf(e.stdout, "注意：%d 个网站（%s 等）每天访问首页不足 20 次，“站点无法访问”（SV-2）将不能判定。\n", len(few), few[0])
	}
	_, err = fmt.Fprintf(e.stdout, "%s：没有错误。%d 个单位，%d 个网站，%d 个账号；检查指标 %s %s，%d 项检查。\n",
		c.File, len(cfg.Units), len(cfg.Sites), len(cfg.Accounts), rb.ID, rb.Version, len(rb.Checks))
	return err
}
