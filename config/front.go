package config

import (
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/xunjian/xunjian/inspect"
)

// A Front is the front matter of a check's rule page.
type Front struct {
	ID      string         `yaml:"id" json:"id"`
	Title   string         `yaml:"title" json:"title"`
	Scope   string         `yaml:"scope" json:"scope"` // what a finding is about: page, site, column, account or probe
	Family  string         `yaml:"family" json:"family"`
	Source  string         `yaml:"source" json:"source"`
	Items   []string       `yaml:"items" json:"items"`
	Unit    string         `yaml:"unit" json:"unit,omitempty"`
	With    map[string]any `yaml:"with" json:"with,omitempty"`
	ACT     []string       `yaml:"act" json:"act,omitempty"`
	WCAG    []string       `yaml:"wcag" json:"wcag,omitempty"`
	Axe     []string       `yaml:"axe" json:"axe,omitempty"`
	Impact  string         `yaml:"impact" json:"impact,omitempty"`
	Retired string         `yaml:"retired" json:"retired,omitempty"`

	file string   // as messages name the page
	with ast.Node // With as it is written
}

// rulePage is where a check's rule page stands in the source.
func rulePage(id string) string { return "checks/" + strings.ReplaceAll(id, "-", "") + "/rule.md" }

// ReadFront reads the front matter of a check's rule page strictly, and
// returns it with the prose behind it. The error is [Errors].
func ReadFront(c *inspect.Check) (*Front, string, error) {
	file := rulePage(c.ID)
	rule := strings.ReplaceAll(c.Rule, "\r\n", "\n")
	rest, ok := strings.CutPrefix(rule, "---\n")
	front, prose, end := strings.Cut(rest, "\n---\n")
	if !ok || !end {
		return nil, "", Errors{{File: file, Line: 1, Column: 1, Message: "开头应为两行 --- 之间的说明"}}
	}
	root, err := parse(file, []byte("\n"+front+"\n")) // the empty line stands for the first ---
	if err != nil {
		return nil, "", err
	}
	f := &Front{file: file}
	d := newDecoder(file)
	d.value(root, reflect.ValueOf(f).Elem(), "")
	for key, value := range map[string]string{"id": f.ID, "title": f.Title, "family": f.Family, "source": f.Source} {
		if strings.TrimSpace(value) == "" {
			d.fault(key, "缺少 %s", key)
		}
	}
	if f.ID != "" && f.ID != c.ID {
		d.fault("id", "应为 %s", c.ID)
	}
	if !slices.Contains([]string{"page", "site", "column", "account", "probe"}, f.Scope) {
		d.fault("scope", "应为 page、site、column、account 或 probe")
	}
	f.with = entry(root, "with")
	return f, strings.TrimLeft(prose, "\n"), d.errs.orNil()
}

// entry is the value of a key in a mapping, or nil.
func entry(n ast.Node, key string) ast.Node {
	var values []*ast.MappingValueNode
	switch x := n.(type) {
	case *ast.MappingNode:
		values = x.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{x}
	}
	for _, v := range values {
		if k, ok := scalarText(v.Key); ok && k == key {
			return v.Value
		}
	}
	return nil
}
