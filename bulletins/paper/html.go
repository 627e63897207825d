package paper

import (
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/xunjian/xunjian/bulletins/period"
)

//go:embed paper.html
var page string

// pageTemplate shows a paper in one file that needs no network. What others
// wrote is escaped for the place it stands in.
var pageTemplate = template.Must(template.New("paper").Parse(page))

// A htmlPage is what the template shows.
type htmlPage struct {
	*Paper
	Head, Day, Window string
	Body              []htmlBlock
	All               []htmlTable
}

type htmlBlock struct {
	Tag   string // h2, h3, h4, p or note; "" of a table or a chart
	Spans []htmlSpan
	Table *htmlTable
	Chart template.HTML
	Label string
}

type htmlSpan struct{ Text, Figure, Rule string }

type htmlTable struct {
	ID, Title string
	Number    int
	Heads     []htmlCell
	Rows      [][]htmlCell
	Total     []htmlCell
	After     []string
}

type htmlCell struct {
	Text, Class, URL string
}

// HTML writes a paper as one page: every figure tells how it came about.
func HTML(_ context.Context, w io.Writer, p *Paper) error {
	h := htmlPage{Paper: p, Head: p.Heading(), Window: window(p.Options.Window)}
	if !p.Options.Date.IsZero() {
		h.Day = chineseDay(p.Options.Date)
	}
	tables := 0
	for i := range p.Blocks {
		b := &p.Blocks[i]
		switch {
		case b.Table != nil:
			tables++
			t := htmlTableOf(fmt.Sprintf("t%d", tables), b.Table.Caption, b.Table)
			h.Body = append(h.Body, htmlBlock{Table: &t})
		case b.Chart != nil:
			h.Body = append(h.Body, htmlBlock{Chart: template.HTML(svg(b.Chart)), Label: b.Chart.Title + "（" + b.Chart.Unit + "）", Spans: []htmlSpan{{Text: b.Chart.Alt}}}) // #nosec G203 -- svg escapes all text
		default:
			h.Body = append(h.Body, htmlBlock{Tag: tags[b.Style], Spans: htmlSpans(p.Source, b.Text)})
		}
	}
	n := 0
	for i := range p.Annexes {
		a := &p.Annexes[i]
		t := htmlTableOf(fmt.Sprintf("a%d", i+1), a.Title, a.Table)
		if !a.Detail {
			n++
			t.Number = n
		}
		for _, x := range a.After {
			t.After = append(t.After, x.String())
		}
		h.All = append(h.All, t)
	}
	return pageTemplate.Execute(w, h)
}

var tags = map[Style]string{Head1: "h2", Head2: "h3", Head3: "h4", Body: "p", Note: "note"}

func htmlSpans(b *period.Bulletin, t Text) (out []htmlSpan) {
	for _, s := range t {
		x := htmlSpan{Text: s.Text, Figure: s.Figure}
		if s.Figure != "" {
			f := b.Figures.Get(s.Figure)
			x.Rule = f.Name + "：" + f.Rule
			if f.Form == period.Rate || f.Form == period.Mean {
				x.Rule += fmt.Sprintf("（%d ÷ %d）", f.N, f.D)
			}
		}
		out = append(out, x)
	}
	return out
}

func htmlTableOf(id, title string, t *Table) htmlTable {
	out := htmlTable{ID: id, Title: title}
	for _, h := range t.Heads {
		out.Heads = append(out.Heads, htmlCell{Text: h.Name, Class: cellClass(h)})
	}
	for _, r := range t.Rows {
		out.Rows = append(out.Rows, htmlRow(t.Heads, r))
	}
	if t.Total != nil {
		out.Total = htmlRow(t.Heads, t.Total)
	}
	return out
}

func htmlRow(heads []ColumnHead, r []Cell) (out []htmlCell) {
	for i, h := range heads {
		c := htmlCell{Text: h.Text(r[i]), Class: cellClass(h)}
		if webAddress(r[i].URL) {
			c.URL = r[i].URL
		}
		out = append(out, c)
	}
	return out
}

func cellClass(h ColumnHead) string {
	if h.Kind == Number || h.Kind == Share {
		return "num"
	}
	return ""
}

// svg draws a chart of bars; who cannot see it reads its table.
func svg(c *Chart) string {
	const width, height, left, bottom = 720, 260, 40, 30
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" role="img" aria-label="%s">`, width, height, template.HTMLEscapeString(c.Alt))
	y := func(v int64) int { return height - bottom - int(v)*(height-bottom-10)/10000 }
	for v := int64(0); v <= 10000; v += 2000 {
		fmt.Fprintf(&b, `<path d="M%d %dH%d" stroke="#ccc"/><text x="%d" y="%d" text-anchor="end">%d</text>`, left, y(v), width, left-6, y(v)+4, v/100)
	}
	slot := (width - left) / max(1, len(c.Labels))
	bar := max(2, slot*3/4/max(1, len(c.Series)))
	for k, l := range c.Labels {
		x := left + k*slot + slot/8
		for i, s := range c.Series {
			if v := s.Values[k]; v >= 0 {
				fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" fill="#%s"/>`, x+i*bar, y(v), bar-1, y(0)-y(v), seriesColors[i%len(seriesColors)])
			}
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle">%s</text>`, left+k*slot+slot/2, height-10, template.HTMLEscapeString(l))
	}
	b.WriteString(`</svg><ul class="legend">`)
	for i, s := range c.Series {
		fmt.Fprintf(&b, `<li><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><rect width="12" height="12" fill="#%s"/></svg> %s</li>`, seriesColors[i%len(seriesColors)], template.HTMLEscapeString(s.Name))
	}
	b.WriteString(`</ul><table><caption>` + template.HTMLEscapeString(c.Title) + `</caption><thead><tr><th scope="col">时段</th>`)
	for _, s := range c.Series {
		b.WriteString(`<th scope="col" class="num">` + template.HTMLEscapeString(s.Name) + `</th>`)
	}
	b.WriteString(`</tr></thead><tbody>`)
	for k, l := range c.Labels {
		b.WriteString(`<tr><th scope="row">` + template.HTMLEscapeString(l) + `</th>`)
		for _, s := range c.Series {
			text := "没有结论"
			if s.Values[k] >= 0 {
				text = decimal(s.Values[k], 2) + c.Unit
			}
			b.WriteString(`<td class="num">` + text + `</td>`)
		}
		b.WriteString(`</tr>`)
	}
	return b.String() + `</tbody></table>`
}
