// Package secrecymark is the check secrecy-mark: marks by which a text says
// itself that it is secret, internal or not for publication.
package secrecymark

import (
	"context"
	_ "embed"
	"fmt"
	"regexp"
	"strings"

	"github.com/xunjian/xunjian/checks/lexicon"
	"github.com/xunjian/xunjian/checks/prose"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

type options struct {
	// Packs are local word lists, laid over those that come along.
	Packs []lexicon.Pack `yaml:"packs"`
	// Series are words in the numbers of documents that the unit marks internal.
	Series []string `yaml:"series"`
}

// Check is the check secrecy-mark.
var Check = lexicon.NewCheck("secrecy-mark", rule, options{}, func(o options) []lexicon.Pack { return o.Packs }, run).Timeless().AlsoFiles()

func run(_ context.Context, p *inspect.Pass, l *lexicon.Lexicon, o options) error {
	r := lexicon.Of(p.Page)
	if lexicon.Unread(p, r.Text) {
		return nil
	}
	for _, m := range Marks(r.Text, l.Hits(r), p.Page.Document != nil) {
		f := inspect.Finding{Outcome: m.Outcome, Locus: m.Text, Class: m.Class, Message: m.Message + lexicon.Where(r.Text, m.Start)}
		f.Template = p.Page.Document == nil && !lexicon.Own(p.Page, r.Text, m.Start)
		p.Report(f)
	}
	series(p, o)
	maps(p, r.Text)
	return nil
}

// A Mark is one that stands by itself.
type Mark struct {
	Start, End int
	Text       string
	Class      string
	Outcome    inspect.Outcome
	Message    string
}

var (
	graded   = regexp.MustCompile(`^(绝密|机密|秘密)\s*[★☆▲]?\s*(\d{1,2}\s*年|\d{1,2}\s*个月|长期)?$`)
	closed   = regexp.MustCompile(`^[（(【\[〔]?\s*[此本]件(不公开|不予公开|不宜公开)\s*[）)】\]〕]?[。.]?$`)
	request  = regexp.MustCompile(`^[（(【\[〔]?\s*此件依申请公开\s*[）)】\]〕]?[。.]?$`)
	brackets = "（()）【】[]〔〕。.，,！!、：: 　“”"
)

// Marks are the hits that stand by themselves as a mark does: what merely
// speaks of secrets is none. paper says that the text is a document and no
// web page, so that a bare grade at its head counts.
func Marks(t *prose.Text, hits []lexicon.Hit, paper bool) []Mark {
	var out []Mark
	seen := map[string]bool{}
	for _, h := range hits {
		b := t.Block(h.Start)
		text := t.In(b)
		m := Mark{Start: h.Start, End: h.End, Text: text, Class: h.Entry.Kind, Outcome: inspect.Review}
		if b.Linked || len([]rune(text)) > 24 || seen[text] || !m.fill(t, b, paper) {
			continue
		}
		seen[text] = true
		out = append(out, m)
	}
	return out
}

// fill says what a mark means; false: it is none.
func (m *Mark) fill(t *prose.Text, b *prose.Block, paper bool) bool {
	switch m.Class {
	case "mark":
		if !graded.MatchString(m.Text) || len([]rune(m.Text)) == 2 && !(paper && atHead(t, b)) {
			return false
		}
		m.Message = fmt.Sprintf("出现疑似密级标识“%s”，请核实是否为涉密文件", m.Text)
	case "closed":
		if !closed.MatchString(m.Text) {
			return false
		}
		m.Outcome = inspect.Fail
		m.Message = fmt.Sprintf("文件标注“%s”，却已在网上公开", m.Text)
	case "on-request":
		if !request.MatchString(m.Text) {
			return false
		}
		m.Message = "文件标注“此件依申请公开”，却已在网上主动公开，请核实"
	case "internal":
		rest := strings.Trim(m.Text, brackets)
		for _, w := range []string{"内部资料", "内部文件", "内部材料", "注意保存", "不得外传", "请勿外传", "严禁外传", "内部参阅", "内部使用", "仅供", "参阅", "工作秘密", "内部明电", "妥善保管", "领导", "请"} {
			rest = strings.Trim(strings.ReplaceAll(rest, w, ""), brackets)
		}
		if rest != "" {
			return false
		}
		m.Message = fmt.Sprintf("出现疑似内部标识“%s”，请核实是否可以公开", m.Text)
	default: // of a local pack
		m.Message = fmt.Sprintf("出现“%s”，请核实是否可以公开", m.Text)
	}
	return true
}

// atHead reports whether a block is among the first five of its part.
func atHead(t *prose.Text, b *prose.Block) bool {
	n := 0
	for i := range t.Blocks {
		if t.Blocks[i].Part != b.Part {
			continue
		}
		if t.Blocks[i].Start == b.Start {
			return true
		}
		if n++; n == 5 {
			return false
		}
	}
	return false
}

// series reports documents of a series that the unit marks internal.
func series(p *inspect.Pass, o options) {
	if p.Page.Document != nil {
		return
	}
	number := p.Page.Parts().DocNumber
	for _, s := range o.Series {
		if s != "" && strings.Contains(number, s) {
			p.Report(inspect.Finding{Outcome: inspect.Review, Locus: number, Class: "series",
				Message: fmt.Sprintf("文号“%s”属于本单位登记的内部文件系列，请核实是否可以公开", number)})
			return
		}
	}
}

// maps reports pictures that call themselves a map of administrative regions
// on a page that names no number of approval. The number may stand in the
// picture, so a person must look.
func maps(p *inspect.Pass, t *prose.Text) {
	if p.Page.Document != nil {
		return
	}
	for _, n := range p.Page.Elements(atom.Img) {
		alt := inspect.Attr(n, "alt") + inspect.Attr(n, "title")
		if strings.Contains(alt, "行政区划图") || strings.Contains(alt, "政区图") {
			if strings.Contains(t.All, "审图号") {
				return
			}
			p.Report(inspect.Finding{Outcome: inspect.Review, Locus: "map", Class: "map",
				Message: "页面上的行政区划图旁没有审图号，请核实图上是否标有审图号"})
			return
		}
	}
}
