package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

// A clauseEntry is a row that a person who has read GB/T 37668-2019 fills in:
// which clause, of which level, stands behind a check. None is built in, since
// nobody here has read the numbers.
type clauseEntry struct {
	Check     string `yaml:"check"`
	Indicator string `yaml:"indicator"` // 指标 as the standard names it
	Clause    string `yaml:"clause"`
	Level     string `yaml:"level"`
	Read      string `yaml:"read"` // who read it, and when
}

// levels are the grades of the standard's indicators, as far as they are told of.
var levels = []string{"一级", "二级", "三级"}

// clauses notes what does not hold of the table.
func (b *book) clauses(d *decoder) {
	seen := map[string]bool{}
	for i, e := range b.Clauses {
		p := fmt.Sprintf("clauses[%d]", i)
		for _, x := range []struct{ key, value string }{{"check", e.Check}, {"indicator", e.Indicator}, {"clause", e.Clause}, {"read", e.Read}} {
			if x.value == "" {
				d.fault(p, "缺少 %s", x.key)
			}
		}
		if !slices.Contains(levels, e.Level) {
			d.fault(join(p, "level"), "应为 %s", strings.Join(levels, "、"))
		}
		if key := e.Check + " " + e.Clause; seen[key] {
			d.fault(p, "检查 %q 的条款 %q 重复", e.Check, e.Clause)
		} else {
			seen[key] = true
		}
	}
}

// accessible reports whether the standard may stand behind a check: one of the
// family, or one that is not built yet and is named so.
func accessible(checks []*inspect.Check, id string) bool {
	if strings.HasPrefix(id, "a11y-") {
		return true
	}
	i := slices.IndexFunc(checks, func(c *inspect.Check) bool { return c.ID == id })
	if i < 0 {
		return false
	}
	front, _, err := ReadFront(checks[i])
	return err == nil && front.Family == "accessibility"
}

// cited are the rows of checks that are built.
func (b *book) cited() (out []inspect.Clause) {
	for _, e := range b.Clauses {
		out = append(out, inspect.Clause(e))
	}
	return out
}
