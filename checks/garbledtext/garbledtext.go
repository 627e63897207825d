// Package garbledtext is the check garbled-text: broken letters, marks that a
// template left behind, and pages that were only meant to be tried.
package garbledtext

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"regexp"
	"strings"

	"github.com/xunjian/xunjian/checks/lexicon"
	"github.com/xunjian/xunjian/checks/prose"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

type options struct {
	// Packs are local word lists, laid over those that come along.
	Packs []lexicon.Pack `yaml:"packs"`
}

// Check is the check garbled-text.
var Check = lexicon.NewCheck("garbled-text", rule, options{}, func(o options) []lexicon.Pack { return o.Packs }, run).Timeless().AlsoFiles()

func run(_ context.Context, p *inspect.Pass, l *lexicon.Lexicon, _ options) error {
	r := lexicon.Of(p.Page)
	replaced(p, r.Text)
	for _, w := range lexicon.Words(l.Hits(r)) {
		if f, ok := judge(p.Page, r.Text, w); ok {
			p.Report(f)
		}
	}
	latin(p, r.Text)
	trial(p)
	return nil
}

var literal = []byte("\uFFFD")

// replaced reports replacement characters. Those that came of our own
// decoding, or of taking a file apart, accuse nobody.
func replaced(p *inspect.Pass, t *prose.Text) {
	n := strings.Count(t.All, "\uFFFD")
	if n == 0 {
		return
	}
	f := inspect.Finding{Locus: "replacement", Class: "replacement", Value: float64(n), Unit: "处"}
	if p.Page.Document != nil || !bytes.Contains(p.Page.Raw, literal) {
		f.Outcome, f.Message = inspect.Unknown, fmt.Sprintf("有%d个字符未能识别，可能是解码所致，未能判定是否乱码", n)
	} else {
		at := strings.Index(t.All, "\uFFFD")
		f.Outcome = inspect.Review
		f.Message = fmt.Sprintf("页面源码中有%d个替换字符（显示为�）：%s", n, lexicon.Excerpt(t, at, at+len(literal)))
		f.Template = !lexicon.Own(p.Page, t, at)
	}
	p.Report(f)
}

// judge says what a word of the packs means here.
func judge(p *inspect.Page, t *prose.Text, w lexicon.Word) (inspect.Finding, bool) {
	hits := w.Hits[:0:0]
	for _, h := range w.Hits {
		if !inCode(t.Block(h.Start).Node) {
			hits = append(hits, h)
		}
	}
	w.Hits = hits
	if len(hits) == 0 {
		return inspect.Finding{}, false
	}
	said := map[string]string{"mojibake": "出现乱码", "placeholder": "出现占位文字", "template": "出现未替换的模板标记"}[w.Entry.Kind]
	if said == "" {
		said = "出现不应出现的文字"
	}
	f := w.Finding(p, t, said+"“"+w.Entry.Wrong+"”")
	switch {
	case p.Document != nil:
	case w.Entry.Kind == "template":
		if clientSide(w.Entry.Wrong) && len(p.Elements(atom.Script)) > 0 {
			return f, false // a script would still fill it
		}
		if !clientSide(w.Entry.Wrong) {
			f.Outcome = inspect.Fail
		}
	case w.Entry.Kind == "placeholder": // not 锟斤拷, which pages about garbled text show too
		f.Outcome = inspect.Fail
	}
	return f, true
}

// clientSide reports whether scripts in the browser use such a mark too.
func clientSide(mark string) bool {
	return strings.HasPrefix(mark, "${") || strings.HasPrefix(mark, "{{")
}

func inCode(n *html.Node) bool { return n != nil && inspect.Within(n, atom.Pre, atom.Code) != nil }

// latin1 is UTF-8 that was read as Latin letters: each Han letter became one
// of these and two signs.
var latin1 = regexp.MustCompile(`(?:[äåæçèé][\x{80}-\x{BF}\x{152}-\x{178}\x{2013}-\x{203A}\x{20AC}\x{2122}]{2}){3,}`)

func latin(p *inspect.Pass, t *prose.Text) {
	if strings.IndexByte(t.All, 0xC3) < 0 { // the first byte of all of them, and of no Han letter
		return
	}
	at := latin1.FindStringIndex(t.All)
	if at == nil {
		return
	}
	p.Report(inspect.Finding{Outcome: inspect.Review, Locus: "latin", Class: "mojibake", Template: p.Page.Document == nil && !lexicon.Own(p.Page, t, at[0]),
		Message: "出现疑似编码错误的乱码：" + lexicon.Excerpt(t, at[0], at[1]) + lexicon.Where(t, at[0])})
}

// trials are titles of pages that were only meant to be tried.
var trials = regexp.MustCompile(`^(测试|测试页|测试页面|测试文章|测试标题|测试数据|测试信息|测试新闻|test|ceshi|标题|新闻标题|文章标题)[0-9一二三]{0,3}$`)

func trial(p *inspect.Pass) {
	if p.Page.Document != nil {
		return
	}
	q := p.Page.Parts()
	title, _, _ := strings.Cut(q.Title, "_")
	title, _, _ = strings.Cut(title, "-")
	for _, s := range []string{q.Heading, title} {
		if s = strings.ToLower(zh.Compact(s)); trials.MatchString(s) {
			p.Report(inspect.Finding{Outcome: inspect.Review, Locus: "trial", Class: "trial", Message: "页面标题为“" + s + "”，疑为测试页面"})
			return
		}
	}
}
