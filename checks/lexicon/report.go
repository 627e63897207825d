package lexicon

import (
	"context"
	"fmt"
	"slices"

	"github.com/xunjian/xunjian/checks/locus"
	"github.com/xunjian/xunjian/checks/prose"
	"github.com/xunjian/xunjian/inspect"
)

// A Word is one wrong wording with all its places on a page.
type Word struct {
	Entry *Entry
	Hits  []Hit
}

// Words gathers hits by their wording, in the order of their first places.
func Words(hits []Hit) []Word {
	at := map[string]int{}
	var out []Word
	for _, h := range hits {
		i, ok := at[h.Entry.Wrong]
		if !ok {
			i = len(out)
			at[h.Entry.Wrong] = i
			out = append(out, Word{Entry: h.Entry})
		}
		out[i].Hits = append(out[i].Hits, h)
	}
	return out
}

// Finding is what is reported of a wording: named by the wording itself, so
// that it stays the same when the page around it moves. One that stands only
// outside the page's own text is one fault of as many pages as show it.
func (w *Word) Finding(p *inspect.Page, t *prose.Text, message string) inspect.Finding {
	h := w.Hits[0]
	f := inspect.Finding{Outcome: inspect.Review, Locus: w.Entry.Wrong, Class: w.Entry.Kind, Value: float64(len(w.Hits)), Unit: "处",
		Message: fmt.Sprintf("%s：%s%s（词库 %s）", message, Excerpt(t, h.Start, h.End), Where(t, h.Start), w.Entry.Source())}
	f.Template = p.Document == nil && !slices.ContainsFunc(w.Hits, func(h Hit) bool { return Own(p, t, h.Start) })
	return f
}

// Own reports whether a place belongs to the page's own text or title.
func Own(p *inspect.Page, t *prose.Text, at int) bool {
	b := t.Block(at)
	return b.Node == nil || b.Head || locus.InBody(p, b.Node)
}

// Where names the place in an attachment, "" on a page.
func Where(t *prose.Text, at int) string {
	b := t.Block(at)
	switch {
	case b.Part == "":
		return ""
	case b.Hidden:
		return "（" + b.Part + "，隐藏）"
	}
	return "（" + b.Part + "）"
}

// Unread reports that a text cannot be judged, if it cannot, and whether that
// is so: wording is not judged where letters are broken. That a part of an
// attachment could not be read is told once, by personal-information.
func Unread(p *inspect.Pass, t *prose.Text) bool {
	if t.Broken() {
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "text", Message: "正文中有较多无法识别的字符，文字表述未能判定"})
		return true
	}
	return false
}

// NewCheck makes a check that seeks words. Its local packs are held against
// the rules when its options are bound, so that a bad pack is told at once.
func NewCheck[O any](id, rule string, defaults O, local func(O) []Pack, run func(context.Context, *inspect.Pass, *Lexicon, O) error) *inspect.Check {
	c := inspect.NewCheck(id, rule, inspect.PerPage, defaults, func(context.Context, *inspect.Pass, O) error { return nil })
	c.Bind = func(decode func(any) error) (inspect.Run, error) {
		o := defaults
		if err := decode(&o); err != nil {
			return nil, fmt.Errorf("check %s: %w", id, err)
		}
		l, err := New(id, local(o))
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", id, err)
		}
		return func(ctx context.Context, p *inspect.Pass) error { return run(ctx, p, l, o) }, nil
	}
	return c
}
