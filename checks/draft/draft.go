// Package draft holds the text of a draft against the checks of content before
// it is published: misstatement, typo, secrecy-mark, illegal-content and
// personal-information. It is pure and keeps nothing.
package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xunjian/xunjian/checks/illegalcontent"
	"github.com/xunjian/xunjian/checks/lexicon"
	"github.com/xunjian/xunjian/checks/misstatement"
	"github.com/xunjian/xunjian/checks/privacy"
	"github.com/xunjian/xunjian/checks/prose"
	"github.com/xunjian/xunjian/checks/secrecymark"
)

// A Severity says how much a hit matters before publication.
type Severity string

// The severities. Nothing here is certain: a person decides on every hit.
const (
	High   Severity = "high"   // must be settled before publication
	Medium Severity = "medium" // should be looked at
)

// A Hit is one place of a draft that a person should look at.
type Hit struct {
	Check      string   `json:"check"`
	Severity   Severity `json:"severity"`
	Start      int      `json:"start"` // bytes of the draft as it was given
	End        int      `json:"end"`
	RuneStart  int      `json:"rune_start"` // letters of it
	RuneEnd    int      `json:"rune_end"`
	Text       string   `json:"text"`       // what stands there; a mask where nobody may keep it
	Suggestion string   `json:"suggestion"` // what should stand there; "" if there is no one answer
	Message    string   `json:"message"`    // 中文
	Source     string   `json:"source"`     // pack and version; "" for what is no wording
}

// Options are what a review needs besides the text.
type Options struct {
	Now time.Time // the day of the review, by which offices are judged; zero: they are not
	// Lexicons are the lexicons by check id, with local packs; a check without
	// one uses the packs that come along.
	Lexicons map[string]*lexicon.Lexicon
}

// Review finds what a person should look at before a draft is published, in
// the order of the text. The text may be anything; a line is a paragraph.
func Review(text string, o Options) []Hit {
	t := prose.Plain(text)
	t.Published = o.Now
	r := review{text: text, prose: t, reading: lexicon.Read(t), lexicons: o.Lexicons}
	r.wording()
	r.secrecy()
	r.unlawful()
	r.persons(o.Now)
	slices.SortStableFunc(r.hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Check, b.Check))
	})
	r.count()
	return r.hits
}

type review struct {
	text     string
	prose    *prose.Text
	reading  *lexicon.Reading
	lexicons map[string]*lexicon.Lexicon
	hits     []Hit
}

func (r *review) seek(check string) []lexicon.Hit {
	l := r.lexicons[check]
	if l == nil {
		l, _ = lexicon.New(check, nil) // without local packs there is no error
	}
	return l.Hits(r.reading)
}

// add adds a hit at a place of the prose.
func (r *review) add(h Hit, start, end int) {
	h.Start, h.End = r.prose.Origin(start), r.prose.Origin(end-1)
	_, n := utf8.DecodeRuneInString(r.text[h.End:])
	h.End += n
	r.hits = append(r.hits, h)
}

func (r *review) wording() {
	for _, h := range r.seek("misstatement") {
		r.add(Hit{Check: "misstatement", Severity: High, Text: h.Entry.Wrong, Suggestion: h.Entry.Right, Message: misstatement.Say(h.Entry), Source: h.Entry.Source()}, h.Start, h.End)
	}
	for _, h := range r.seek("typo") {
		r.add(Hit{Check: "typo", Severity: Medium, Text: h.Entry.Wrong, Suggestion: h.Entry.Right,
			Message: fmt.Sprintf("“%s”疑为“%s”之误", h.Entry.Wrong, h.Entry.Right), Source: h.Entry.Source()}, h.Start, h.End)
	}
}

func (r *review) secrecy() {
	for _, m := range secrecymark.Marks(r.prose, r.seek("secrecy-mark"), true) {
		said := m.Message
		if m.Class == "closed" {
			said = "文件标注“" + m.Text + "”，不应在网上公开"
		} else if m.Class == "on-request" {
			said = "文件标注“此件依申请公开”，请核实是否可以主动公开"
		}
		r.add(Hit{Check: "secrecy-mark", Severity: High, Text: m.Text, Message: said}, m.Start, m.End)
	}
}

func (r *review) unlawful() {
	for _, w := range illegalcontent.Telling(r.prose, r.seek("illegal-content")) {
		for _, h := range w.Hits {
			r.add(Hit{Check: "illegal-content", Severity: High, Text: w.Entry.Wrong, Message: "疑似违法不良信息用语“" + w.Entry.Wrong + "”", Source: w.Entry.Source()}, h.Start, h.End)
		}
	}
}

func (r *review) persons(now time.Time) {
	if now.IsZero() { // no day of birth lies after it then
		now = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	for i := range r.prose.Blocks {
		b := &r.prose.Blocks[i]
		for _, v := range privacy.Scan(r.prose.In(b), now) {
			r.add(Hit{Check: "personal-information", Severity: High, Text: v.Mask, Suggestion: v.Mask,
				Message: "疑似" + v.Kind.Chinese() + "，公开前应遮盖"}, b.Start+v.Start, b.Start+v.End)
		}
	}
	r.sheet(now)
}

// sheet reads lines with tabs as the rows of a table, as they come from a
// sheet. Values that a row's own text told already are left out.
func (r *review) sheet(now time.Time) {
	if strings.Count(r.text, "\t") < 2 {
		return
	}
	told := map[string]bool{}
	for _, h := range r.hits {
		told[r.text[h.Start:h.End]] = true
	}
	var rows [][]string
	for line := range strings.Lines(r.text) {
		rows = append(rows, strings.Split(strings.TrimRight(line, "\r\n"), "\t"))
	}
	for _, v := range privacy.Table(rows, now).Values {
		if v.Raw == "" || told[v.Raw] {
			continue
		}
		told[v.Raw] = true
		for at := 0; ; {
			k := strings.Index(r.text[at:], v.Raw)
			if k < 0 {
				break
			}
			r.hits = append(r.hits, Hit{Check: "personal-information", Severity: High, Start: at + k, End: at + k + len(v.Raw), Text: v.Mask, Suggestion: v.Mask,
				Message: "疑似" + v.Kind.Chinese() + "，公开前应遮盖"})
			at += k + len(v.Raw)
		}
	}
}

// count gives the hits their places in letters; they are in order.
func (r *review) count() {
	at, runes := 0, 0
	for i := range r.hits {
		h := &r.hits[i]
		runes += utf8.RuneCountInString(r.text[at:h.Start])
		at = h.Start
		h.RuneStart = runes
		h.RuneEnd = runes + utf8.RuneCountInString(r.text[h.Start:h.End])
	}
}
