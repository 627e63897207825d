package inspect

import (
	"strings"

	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html/atom"
)

// A SeenCode is a 网站标识码 that a page shows, and where: "foot" for one
// printed after its label, "entry" for one in the link of 我为政府网站找错.
type SeenCode struct{ Where, Code string }

// Codes are the site codes that a page shows outside its labels.
func (p *Page) Codes() []SeenCode { return p.codes.get(p.readCodes) }

func (p *Page) readCodes() []SeenCode {
	var out []SeenCode
	texts := p.Texts()
	for i, n := range texts {
		j := strings.Index(n.Data, "标识码")
		if j < 0 {
			continue
		}
		rest := zh.Compact(n.Data[j+len("标识码"):])
		if strings.Trim(rest, ":：") == "" && i+1 < len(texts) {
			rest += zh.Compact(texts[i+1].Data)
		}
		if c := leadingCode(strings.TrimLeft(rest, ":：号 ")); c != "" {
			out = append(out, SeenCode{"foot", c})
		}
	}
	for _, l := range p.Links() {
		if c := EntryCode(l.Raw); c != "" {
			out = append(out, SeenCode{"entry", c})
		}
	}
	for _, name := range []atom.Atom{atom.Span, atom.Div, atom.Script} { // the entry's script reads it from its own place
		for _, n := range p.Elements(name) {
			if v := Attr(n, "sitecode"); v != "" {
				out = append(out, SeenCode{"entry", strings.TrimSpace(v)})
			}
		}
	}
	return out
}

// leadingCode is the letters and digits at the start of s, if a code could be meant.
func leadingCode(s string) string {
	n := 0
	for n < len(s) && (digit(s[n]) || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z') {
		n++
	}
	if n < 6 || n > 20 || strings.Trim(s[:n], "0123456789bmBM") != "" {
		return ""
	}
	return s[:n]
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// EntryCode is the site code that a link into 我为政府网站找错 carries, "" if
// the link leads elsewhere or carries none.
func EntryCode(u string) string {
	if !strings.Contains(u, "zfwzgl.www.gov.cn") && !strings.Contains(u, "site_code=") && !strings.Contains(u, "siteCode=") {
		return ""
	}
	for _, key := range []string{"site_code=", "siteCode=", "sitecode="} {
		if _, rest, ok := strings.Cut(u, key); ok {
			v, _, _ := strings.Cut(rest, "&")
			return strings.TrimSpace(v)
		}
	}
	return ""
}
