package rulepage

import (
	"strings"
	"testing"
)

const page = "---\nid: some-check\ntitle: 某项\nwith: {window: 14d, list: [a]}\n---\n\n## Clause\n\n条文\n\n## Remedy\n\n办法\n"

func TestParse(t *testing.T) {
	p, err := Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	if p.ID != "some-check" || p.Section("Clause") != "条文" || p.Section("Remedy") != "办法" || p.Section("How we measure") != "" {
		t.Errorf("read as %+v", p)
	}
}

func TestParseIsStrict(t *testing.T) {
	for name, text := range map[string]string{
		"unknown key":     strings.Replace(page, "title:", "titel:", 1),
		"no front matter": "# Some check\n",
		"no end":          "---\nid: x\n",
	} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%s: parses", name)
		}
	}
}

func TestDecoderReplacesOptionsByName(t *testing.T) {
	p, err := Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	var o struct {
		Window string   `yaml:"window"`
		List   []string `yaml:"list"`
	}
	if err := p.Decoder(map[string]any{"window": "7d"})(&o); err != nil || o.Window != "7d" || len(o.List) != 1 {
		t.Errorf("decoded %+v, %v", o, err)
	}
	if err := p.Decoder(map[string]any{"windwo": "7d"})(&o); err == nil {
		t.Error("an unknown option decodes")
	}
}
