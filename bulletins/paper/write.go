package paper

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/inspect"
)

// A writer lays down the text of a paper.
type writer struct {
	b *period.Bulletin
	p *Paper
}

// write adds a paragraph. In its form {id} is a figure with its unit, {id:n}
// the number alone, and {0}, {1} … are words of others.
func (w *writer) write(style Style, form string, data ...string) {
	w.p.Blocks = append(w.p.Blocks, Block{Style: style, Text: w.text(form, data...)})
}

func (w *writer) text(form string, data ...string) (out Text) {
	for form != "" {
		plain, rest, found := strings.Cut(form, "{")
		if plain != "" {
			out = append(out, Span{Text: plain})
		}
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		form = after
		if i, err := strconv.Atoi(name); err == nil {
			out = append(out, Span{Text: data[i], Data: true})
			continue
		}
		out = append(out, figureSpans(w.b, name)...)
	}
	return out
}

// figureSpans prints a figure.
func figureSpans(b *period.Bulletin, name string) Text {
	id, bare := strings.CutSuffix(name, ":n")
	f := b.Figures.Get(id)
	out := Text{{Text: f.Text(), Figure: id}}
	if f.Known() && !bare && f.Unit != "" {
		out = append(out, Span{Text: f.Unit})
	}
	return out
}

// than says how a rate changed: "，比上期提高 1.20 个百分点".
func (w *writer) than(id string) string {
	switch f := w.b.Figures.Get(id); {
	case !f.Known():
		return ""
	case f.N > 0:
		return "，比上期提高{" + id + "}"
	case f.N < 0:
		return "，比上期降低{" + id + "}"
	}
	return "，与上期持平"
}

func dayText(t time.Time) string { return t.In(inspect.Zone).Format(time.DateOnly) }

// chineseDay is a day as a text names it.
func chineseDay(t time.Time) string {
	t = t.In(inspect.Zone)
	return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day())
}

var numerals = []string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}

// chineseNumber is a number up to 99 as headings count.
func chineseNumber(n int) string {
	switch {
	case n <= 10:
		return numerals[n]
	case n < 20:
		return "十" + numerals[n-10]
	case n%10 == 0:
		return numerals[n/10] + "十"
	}
	return numerals[n/10] + "十" + numerals[n%10]
}

// named lists at most so many names, and says that there are more.
func named(names []string, most int, where string) string {
	if len(names) > most {
		return strings.Join(names[:most], "、") + "等（其余见" + where + "）"
	}
	return strings.Join(names, "、")
}

// The cells of tables.

func words(s string) Cell { return Cell{Text: s} }

func link(s, url string) Cell { return Cell{Text: s, URL: url} }

func number(n int) Cell { return Cell{N: int64(n), Some: true} }

func maybe(n int, some bool) Cell { return Cell{N: int64(n), Some: some} }

func share(n, d int) Cell { return Cell{N: int64(n), D: int64(d), Some: d > 0} }

func day(t time.Time) Cell { return Cell{At: t} }

// verdictWord is a verdict as annexes print it.
func verdictWord(t *period.Target) string {
	switch t.Verdict {
	case inspect.Passed:
		return "合格"
	case inspect.Failed:
		return "不合格"
	case inspect.Undecided:
		return "未定"
	}
	return "未检查"
}

// clauses are the items of a fault as annexes print them.
func clauses(items []period.Clause) string {
	var out []string
	for _, c := range items {
		out = append(out, strings.TrimSpace(c.ID+" "+c.Title))
	}
	return strings.Join(out, "；")
}

// quoting are the checks whose messages quote the offending words.
var quoting = map[string]bool{"misstatement": true, "typo": true, "illegal-content": true, "secrecy-mark": true, "personal-information": true, "account-content": true}

// message is what a paper says of a fault.
func (p *Paper) message(f *period.Fault) string {
	if p.Options.Public && quoting[f.Check] {
		return f.Title
	}
	return f.Message
}
