package inspect

import (
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Parts are the parts of a page that rules speak of, each found once. An
// empty part was not found, which is no proof that it is not there.
type Parts struct {
	Title     string    // <title>, blanks folded
	Heading   string    // the heading of the page's own content
	Printed   time.Time // the date printed as the day of publication
	Meta      time.Time // PubDate and its kin
	InURL     time.Time // the date in the address
	Document  time.Time // 成文日期, the date of the document itself
	Source    string    // 来源
	DocNumber string    // 文号
	Body      *html.Node
	Kind      PageKind

	dateLabel bool // Printed stands behind a label, so that it is no row's
}

// Published is the day of publication: as printed, else as labelled, else as
// the address says.
func (q *Parts) Published() time.Time {
	switch {
	case !q.Printed.IsZero():
		return q.Printed
	case !q.Meta.IsZero():
		return q.Meta
	}
	return q.InURL
}

// Parts are the page's parts; empty ones if there is no HTML.
func (p *Page) Parts() *Parts {
	return p.parts.get(func() *Parts {
		q := &Parts{}
		if _, err := p.Doc(); err != nil {
			q.Kind = kindOf(p, q)
			return q
		}
		q.Title = p.Title()
		l := p.Labels()
		q.Meta = metaDate(l)
		q.InURL, _ = zh.URLDate(p.Landed())
		p.printed(q)
		q.Heading = p.heading(q.Title, l.Get("ArticleTitle"))
		q.Body = p.articleBody()
		q.Kind = kindOf(p, q)
		if q.Kind == ColumnPage || q.Kind == HomePage { // the dates there belong to the rows
			q.Printed, q.Document, q.DocNumber = time.Time{}, time.Time{}, ""
		} else if q.DocNumber == "" {
			q.DocNumber, _ = zh.DocNumber(q.Heading)
		}
		return q
	})
}

// Title is the document's own title, blanks folded; SVG has titles too.
func (p *Page) Title() string {
	for _, n := range p.Elements(atom.Title) {
		if n.Namespace == "" {
			return zh.Fold(TextOf(n))
		}
	}
	return ""
}

// metaDate reads PubDate and the names other systems use for it.
func metaDate(l Labels) time.Time {
	for _, name := range []string{"PubDate", "publishdate", "publish_time", "article:published_time", "date"} {
		if v := l.Get(name); v != "" {
			if t, ok := zh.Date(v); ok {
				return t
			}
		}
	}
	return time.Time{}
}

var publishedLabels = []string{"发布时间", "发布日期", "发表时间", "发表日期", "发文时间", "公开日期", "公开时间", "添加时间", "录入时间", "更新时间", "更新日期", "时间", "日期"}
var documentLabels = []string{"成文日期", "成文时间", "发文日期", "印发日期", "生成日期", "制发日期"}

// printed reads the labelled facts at the head of an article.
func (p *Page) printed(q *Parts) {
	texts := p.Texts()
	for i, n := range texts {
		if len(n.Data) > 240 || !mayLabel(n.Data) {
			continue
		}
		s := zh.Fold(n.Data)
		if q.Printed.IsZero() {
			q.Printed = labelled(s, texts[i+1:], publishedLabels)
		}
		if q.Document.IsZero() {
			q.Document = labelled(s, texts[i+1:], documentLabels)
		}
		if q.Source == "" {
			q.Source = labelledText(s, texts[i+1:], "来源", "信息来源", "稿源")
		}
		if q.DocNumber == "" {
			for _, l := range []string{"文号", "发文字号"} {
				if v := labelledText(s, texts[i+1:], l); v != "" {
					if d, ok := zh.DocNumber(v); ok {
						q.DocNumber = d
					}
				}
			}
		}
	}
	q.dateLabel = !q.Printed.IsZero()
	if q.Printed.IsZero() {
		q.Printed = p.loneDate()
	}
}

// mayLabel reports whether a text holds what all of the labels have: 日期,
// 时间, 来源, 稿源 or 文号. Pages have hundreds of texts and one or two labels.
func mayLabel(s string) bool {
	for i := 0; i+2 < len(s); {
		c := s[i]
		if c < 0xE0 {
			i++
			continue
		}
		switch c {
		case 0xE6: // 日 时 来
			if s[i+1] == 0x97 || s[i+1] == 0x9D {
				return strings.Contains(s, "日期") || strings.Contains(s, "时间") || strings.Contains(s, "来源") || strings.Contains(s, "号")
			}
		case 0xE7: // 稿
			if s[i+1] == 0xA8 && s[i+2] == 0xBF {
				return true
			}
		case 0xE5: // 号
			if s[i+1] == 0x8F && s[i+2] == 0xB7 {
				return true
			}
		}
		i += 3 // nearly all letters of Chinese text; what is read of a longer one begins no label
	}
	return false
}

// labelled is the date that follows one of the labels, in the same text or in
// one of the next two.
func labelled(s string, next []*html.Node, labels []string) time.Time {
	for _, l := range labels {
		i := strings.Index(s, l)
		if i < 0 {
			continue
		}
		if (l == "时间" || l == "日期") && i > 0 && !(s[i-1] == ' ' && strings.Contains(s[:i], "来源")) { // only when the label is all, or follows 来源
			continue
		}
		rest := strings.TrimLeft(s[i+len(l):], ":：】] ")
		if t, end, ok := zh.DateAt(rest); ok && end <= 24 {
			return t
		}
		if rest != "" {
			continue
		}
		for _, n := range next[:min(2, len(next))] {
			if t, end, ok := zh.DateAt(strings.TrimSpace(n.Data)); ok && end <= 30 {
				return t
			}
		}
	}
	return time.Time{}
}

// labelledText is the short text after a label.
func labelledText(s string, next []*html.Node, labels ...string) string {
	for _, l := range labels {
		i := strings.Index(s, l)
		if i < 0 || i > 60 {
			continue
		}
		rest := strings.TrimSpace(s[i+len(l):])
		rest, ok := strings.CutPrefix(rest, ":")
		if !ok {
			continue
		}
		rest = strings.TrimSpace(rest)
		if rest == "" && len(next) > 0 {
			rest = zh.Fold(next[0].Data)
		}
		if v, _, _ := strings.Cut(rest, " "); len([]rune(v)) <= 40 {
			return v
		}
	}
	return ""
}

// loneDate is a date that stands alone near the top of an article, under its
// heading, as some systems print it without a label.
func (p *Page) loneDate() time.Time {
	heads := p.Elements(atom.H1)
	if len(heads) != 1 {
		return time.Time{}
	}
	box := heads[0].Parent
	for range 2 {
		var t time.Time
		after := false
		count := 0
		eachText(box, func(s string) bool {
			if !after {
				after = s == strings.TrimSpace(TextOf(heads[0])) || strings.Contains(TextOf(heads[0]), s)
				return true
			}
			count++
			if v, end, ok := zh.DateAt(zh.Fold(s)); ok && end <= 40 && len(s) <= 90 {
				t = v
			}
			return t.IsZero() && count < 6
		})
		if !t.IsZero() {
			return t
		}
		if box = box.Parent; box == nil || box.DataAtom == atom.Body {
			break
		}
	}
	return time.Time{}
}

// headingMarks name the element that holds an article's title where no h1 does.
var headingMarks = []string{"title", "bt", "headline", "article-tit", "tit"}

// heading is the title printed over the content.
func (p *Page) heading(title, label string) string {
	for _, name := range []atom.Atom{atom.H1, atom.H2} {
		for _, n := range p.Elements(name) {
			t := zh.Fold(TextOf(n))
			if t == "" || inNavigation(n) || isLogo(n) {
				continue
			}
			if name == atom.H1 || label != "" && zh.Compact(t) == zh.Compact(label) || title != "" && strings.HasPrefix(title, t) && len(t) > 12 {
				return t
			}
		}
	}
	want := zh.Compact(label)
	first, _, _ := strings.Cut(title, "_")
	first, _, _ = strings.Cut(first, " - ")
	for _, n := range p.Texts() {
		if n.Parent == nil || Within(n, atom.A) != nil || len(n.Data) > 600 {
			continue
		}
		t := zh.Compact(n.Data)
		if len(t) > 9 && (t == want || t == zh.Compact(first)) {
			return zh.Fold(n.Data)
		}
	}
	return p.markedHeading()
}

// isLogo reports whether a heading only wraps the site's name or picture.
func isLogo(n *html.Node) bool {
	return marked(n, "logo", "top", "head") || Within(n, atom.A) != nil
}

func (p *Page) markedHeading() string {
	for _, n := range p.Elements(atom.Div, atom.P, atom.Td, atom.Span) {
		c := strings.ToLower(Attr(n, "class") + " " + Attr(n, "id"))
		for _, m := range headingMarks {
			if !strings.Contains(c, m) {
				continue
			}
			if t := zh.Fold(TextOf(n)); len([]rune(t)) >= 6 && len([]rune(t)) <= 80 && firstLink(n) == nil && !inNavigation(n) {
				return t
			}
		}
	}
	return ""
}

// bodyMarks name the element that holds an article's text in the publishing
// systems that government sites use.
var bodyMarks = []string{"trs_editor", "ucap-content", "vsb_content", "pages_content", "article-content", "article_content", "zoom", "con_text", "conttext", "main-txt", "newscontent", "news_content", "content_text", "bt_content", "textcontent", "wp_articlecontent", "article"}

// articleBody is the element that holds the text of the page's content.
func (p *Page) articleBody() *html.Node {
	divs := p.Elements(atom.Div, atom.Td, atom.Article)
	names := make([]string, len(divs))
	for i, n := range divs {
		names[i] = strings.ToLower(Attr(n, "class") + " " + Attr(n, "id"))
	}
	for _, m := range bodyMarks {
		for i, n := range divs {
			if len(names[i]) >= len(m) && strings.Contains(names[i], m) && paragraphs(n) >= 40 {
				return n
			}
		}
	}
	var best *html.Node
	most := 80
	for _, n := range divs {
		if k := ownParagraphs(n); k > most && !inNavigation(n) {
			best, most = n, k
		}
	}
	return best
}

// ownParagraphs is how many letters stand in an element's own paragraphs and texts, links left out.
func ownParagraphs(n *html.Node) int {
	k := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			k += len(strings.TrimSpace(c.Data)) / 3
		case c.DataAtom == atom.P || c.DataAtom == atom.Span || c.DataAtom == atom.Font:
			k += paragraphs(c)
		}
	}
	return k
}

// paragraphs is how many letters stand below an element outside its links.
func paragraphs(n *html.Node) int {
	switch {
	case n.Type == html.TextNode:
		return len(strings.TrimSpace(n.Data)) / 3
	case n.DataAtom == atom.A || n.DataAtom == atom.Script || n.DataAtom == atom.Style:
		return 0
	}
	k := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		k += paragraphs(c)
	}
	return k
}

// BodyText is the text of the page's own content, "" where none was found.
func (p *Page) BodyText() string {
	return p.body.get(func() string {
		if b := p.Parts().Body; b != nil {
			return TextOf(b)
		}
		return ""
	})
}

// Foot is the last part of the page's visible text, where its identity stands,
// and Foot links are those in it. A page whose foot a script writes has none.
func (p *Page) Foot() *html.Node { return p.foot.get(p.findFoot) }

func (p *Page) findFoot() *html.Node {
	var best *html.Node
	for _, n := range p.Elements(atom.Footer) {
		best = n
	}
	if best != nil {
		return best
	}
	for _, n := range p.Elements(atom.Div, atom.Table, atom.Section) {
		c := strings.ToLower(Attr(n, "class") + " " + Attr(n, "id"))
		if c == " " || !strings.Contains(c, "foot") && !strings.Contains(c, "copyright") && !strings.Contains(c, "bottom") && !strings.Contains(c, "banquan") {
			continue
		}
		if len(TextOf(n)) > 20 || hasLink(n) {
			if best == nil || !inside(n, best) {
				best = n
			}
		}
	}
	return best
}

func inside(n, outer *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == outer {
			return true
		}
	}
	return false
}
