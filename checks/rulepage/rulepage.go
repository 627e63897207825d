// Package rulepage reads rule.md, the page that is both a check's settings and
// what people read of it: YAML front matter between two lines of ---, then
// Markdown sections.
package rulepage

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// Sections are the sections that every rule page has, in this order.
var Sections = []string{"Clause", "How we measure", "Could not tell", "Remedy"}

// A Page is a rule page that was read.
type Page struct {
	ID      string         `yaml:"id"`
	Title   string         `yaml:"title"` // 中文
	Scope   string         `yaml:"scope"` // what a finding is about: page, site or column
	Family  string         `yaml:"family"`
	Source  string         `yaml:"source"` // issuer, document number, part
	Items   []string       `yaml:"items"`  // items of the rules it measures
	Unit    string         `yaml:"unit"`   // of a finding's value
	With    map[string]any `yaml:"with"`   // the options by default
	ACT     []string       `yaml:"act"`    // accessibility: rules of the ACT rules library
	WCAG    []string       `yaml:"wcag"`   // accessibility: success criteria
	Axe     []string       `yaml:"axe"`    // accessibility: rules of axe-core that say the same
	Impact  string         `yaml:"impact"` // accessibility: what axe-core gives the first of them
	Retired string         `yaml:"retired"`

	Prose string `yaml:"-"` // what follows the front matter
}

// Parse reads a rule page strictly: an unknown key is an error.
func Parse(rule string) (*Page, error) {
	rest, ok := strings.CutPrefix(rule, "---\n")
	if !ok {
		return nil, fmt.Errorf("rule page: no front matter")
	}
	front, prose, ok := strings.Cut(rest, "\n---\n")
	if !ok {
		return nil, fmt.Errorf("rule page: front matter does not end")
	}
	p := &Page{Prose: strings.TrimLeft(prose, "\n")}
	if err := yaml.UnmarshalWithOptions([]byte(front), p, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("rule page: %w", err)
	}
	return p, nil
}

// Section is the text of a section, "" if it is missing or empty.
func (p *Page) Section(name string) string {
	_, rest, ok := strings.Cut("\n"+p.Prose, "\n## "+name+"\n")
	if !ok {
		return ""
	}
	body, _, _ := strings.Cut(rest, "\n## ")
	return strings.TrimSpace(body)
}

// Decoder gives a check its options: those of the page, each replaced by the
// one of the same name in override. Unknown options are errors.
func (p *Page) Decoder(override map[string]any) func(any) error {
	return func(into any) error {
		all := map[string]any{}
		for k, v := range p.With {
			all[k] = v
		}
		for k, v := range override {
			all[k] = v
		}
		if len(all) == 0 {
			return nil
		}
		b, err := yaml.Marshal(all)
		if err != nil {
			return err
		}
		return yaml.UnmarshalWithOptions(b, into, yaml.Strict())
	}
}
