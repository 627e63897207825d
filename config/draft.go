package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// A Draft is a site as discovery saw it, for a person to check.
type Draft struct {
	Site *inspect.Site
	// Reasons says why a column was taken for what it is, by the column's URL
	// or else its name.
	Reasons map[string]string
}

// Marshal writes a ready configuration of one site, each column under a
// comment with the reason for it. What it returns loads without a mistake.
func Marshal(d *Draft) ([]byte, error) {
	s := d.Site
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s 的配置草稿，由程序自动发现。请核对栏目类型（genre）、是否一级栏目（top_level）后使用。\n", oneLine(s.Home))
	fmt.Fprintf(&b, "rulebook: guoban-2019\n")
	if len(s.Allow) > 0 {
		fmt.Fprintf(&b, "crawl:\n  allow_networks: [%s]\n", strings.Join(prefixes(s.Allow), ", "))
	}
	unit := ""
	if s.Unit != "" {
		unit = "unit-1"
		fmt.Fprintf(&b, "units:\n  - id: %s\n    name: %s\n", unit, quote(s.Unit))
		optional(&b, "    region", s.Region)
	}
	fmt.Fprintf(&b, "sites:\n  - id: %s\n", quote(draftID(s)))
	optional(&b, "    name", s.Name)
	fmt.Fprintf(&b, "    home: %s\n", quote(s.Home))
	optional(&b, "    unit", unit)
	optional(&b, "    code", s.Code)
	optional(&b, "    region", s.Region)
	if s.Portal {
		b.WriteString("    portal: true\n")
	}
	if len(s.Hosts) > 0 {
		fmt.Fprintf(&b, "    hosts: [%s]\n", strings.Join(quoted(s.Hosts), ", "))
	}
	d.columns(&b)
	if _, err := load("draft.yaml", b.Bytes()); err != nil {
		return nil, fmt.Errorf("draft of %s: %w", s.Home, err)
	}
	return b.Bytes(), nil
}

func (d *Draft) columns(b *bytes.Buffer) {
	if len(d.Site.Columns) == 0 {
		return
	}
	b.WriteString("    columns:\n")
	names := map[string]bool{}
	for i := range d.Site.Columns {
		c := &d.Site.Columns[i]
		reason := d.Reasons[c.URL]
		if reason == "" {
			reason = d.Reasons[c.Name]
		}
		if reason != "" {
			fmt.Fprintf(b, "      # %s\n", oneLine(reason))
		}
		fmt.Fprintf(b, "      - name: %s\n        url: %s\n", quote(freshName(names, c.Name)), quote(c.URL))
		if slices.Contains(inspect.Genres, c.Genre) {
			fmt.Fprintf(b, "        genre: %s\n", c.Genre)
		}
		optional(b, "        window", c.Window.String())
		if c.TopLevel { // unsaid, notices and policies count as first-level: a person decides
			b.WriteString("        top_level: true\n")
		}
		if c.Selectors.Item != "" {
			fmt.Fprintf(b, "        selectors:\n          item: %s\n", quote(c.Selectors.Item))
			optional(b, "          title", c.Selectors.Title)
			optional(b, "          date", c.Selectors.Date)
		}
	}
}

// freshName numbers a column whose name stands already: names are keys.
func freshName(seen map[string]bool, name string) string {
	if strings.TrimSpace(name) == "" {
		name = "未命名栏目"
	}
	fresh := name
	for n := 2; seen[fresh]; n++ {
		fresh = fmt.Sprintf("%s（%d）", name, n)
	}
	seen[fresh] = true
	return fresh
}

// draftID is the site's id, or one made of its host.
func draftID(s *inspect.Site) string {
	if idForm.MatchString(s.ID) {
		return s.ID
	}
	id := strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, inspect.Host(s.Home))
	id = strings.TrimLeft(id, ".-_")
	if id == "" {
		return "site-1"
	}
	return id[:min(len(id), 64)]
}

// oneLine is text fit for a comment.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7F && r < 0xA0 || r == 0x2028 || r == 0x2029 || r == 0xFEFF {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	return zh.Truncate(strings.Join(strings.Fields(s), " "), 300)
}

func optional(b *bytes.Buffer, key, value string) {
	if value != "" {
		fmt.Fprintf(b, "%s: %s\n", key, quote(value))
	}
}

// quote writes a string that YAML reads back as it is: as JSON does, which
// YAML's double quotes contain.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(strings.ToValidUTF8(s, "�")); err != nil {
		return `""` // no string fails to encode
	}
	return strings.TrimSpace(b.String())
}

func quoted(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = quote(s)
	}
	return out
}

func prefixes(list []netip.Prefix) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = quote(p.String())
	}
	return out
}
