package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/checks"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/inspect"
)

type explainCmd struct {
	ID     string `arg:"" optional:"" help:"检查的编号；不给则列出全部"`
	Format string `enum:"text,json" default:"text" help:"text 或 json"`
}

func (explainCmd) Examples() string {
	return "  xunjian explain\n  xunjian explain column-stale\n  xunjian explain a11y-img-alt --format json"
}

// frontJSON is a check's front matter as other tools read it.
type frontJSON struct {
	ID     string   `json:"id"`
	Title  string   `json:"title"`
	Scope  string   `json:"scope"`
	Family string   `json:"family"`
	Source string   `json:"source"`
	Items  []string `json:"items"`
	Unit   string   `json:"unit,omitempty"`
	ACT    []string `json:"act,omitempty"`
	WCAG   []string `json:"wcag,omitempty"`
}

func (c *explainCmd) Run(e *env) error {
	if c.ID == "" {
		return c.list(e)
	}
	for _, k := range checks.All {
		if k.ID != c.ID {
			continue
		}
		f, prose, err := config.ReadFront(k)
		if err != nil {
			return err
		}
		if c.Format == "json" {
			return writeJSON(e, toJSON(f))
		}
		_, err = fmt.Fprintf(e.stdout, "%s  %s\n\n依据：%s\n指标：%s\n对象：%s\n\n%s\n", f.ID, f.Title, f.Source, strings.Join(f.Items, "、"), f.Scope, strings.TrimSpace(prose))
		return err
	}
	return usage("相近的编号："+near(c.ID, checks.All), "没有编号为 %q 的检查", c.ID)
}

func toJSON(f *config.Front) frontJSON {
	j := frontJSON{ID: f.ID, Title: f.Title, Scope: f.Scope, Family: f.Family, Source: f.Source, Items: f.Items, Unit: f.Unit, ACT: f.ACT, WCAG: f.WCAG}
	if j.Items == nil {
		j.Items = []string{}
	}
	return j
}

func (c *explainCmd) list(e *env) error {
	var all []frontJSON
	for _, k := range checks.All {
		f, _, err := config.ReadFront(k)
		if err != nil {
			return err
		}
		all = append(all, toJSON(f))
	}
	if c.Format == "json" {
		return writeJSON(e, all)
	}
	for _, f := range all {
		if _, err := fmt.Fprintf(e.stdout, "%-26s %s\n", f.ID, f.Title); err != nil {
			return err
		}
	}
	return nil
}

func writeJSON(e *env, v any) error {
	enc := json.NewEncoder(e.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// near lists the ids that share a word with one that does not exist.
func near(id string, all []*inspect.Check) string {
	var out []string
	for _, k := range all {
		for _, w := range strings.Split(id, "-") {
			if len(w) > 2 && strings.Contains(k.ID, w) {
				out = append(out, k.ID)
				break
			}
		}
	}
	if len(out) == 0 {
		return "xunjian explain 列出全部"
	}
	return strings.Join(out, "、")
}
