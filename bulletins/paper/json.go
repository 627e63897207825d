package paper

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"time"

	"github.com/xunjian/xunjian/bulletins/period"
)

// Schema names the JSON form of a paper. It only grows.
const Schema = "xunjian.paper/1"

type jsonPaper struct {
	Schema   string           `json:"schema"`
	Kind     string           `json:"kind"`
	Title    string           `json:"title"`
	Of       string           `json:"of,omitempty"`
	Number   string           `json:"number,omitempty"`
	Issuer   string           `json:"issuer,omitempty"`
	Date     string           `json:"date,omitempty"`
	Draft    bool             `json:"draft"`
	Text     []jsonParagraph  `json:"text"`
	Tables   []jsonTable      `json:"tables,omitempty"`   // of a paper of one unit or site
	Bulletin *period.Bulletin `json:"bulletin,omitempty"` // of all others
}

type jsonParagraph struct {
	Style   Style    `json:"style"`
	Text    string   `json:"text"`
	Figures []string `json:"figures,omitempty"`
}

type jsonTable struct {
	Title string     `json:"title"`
	Heads []string   `json:"heads"`
	Rows  [][]string `json:"rows"`
}

// JSON writes a paper for programs: its text, with the figures that it names,
// and the bulletin that it was made of.
func JSON(_ context.Context, w io.Writer, p *Paper) error {
	o := &p.Options
	j := jsonPaper{Schema: Schema, Kind: p.Kind, Title: p.Heading(), Of: p.Of, Number: o.Number, Issuer: o.Issuer, Draft: o.Draft, Text: []jsonParagraph{}}
	if !o.Date.IsZero() {
		j.Date = dayText(o.Date)
	}
	for i := range p.Blocks {
		if b := &p.Blocks[i]; b.Text != nil {
			x := jsonParagraph{Style: b.Style, Text: b.Text.String()}
			for _, s := range b.Text {
				if s.Figure != "" {
					x.Figures = append(x.Figures, s.Figure)
				}
			}
			j.Text = append(j.Text, x)
		}
	}
	if p.Of == "" {
		j.Bulletin = p.told()
	} else {
		j.Tables = jsonTables(p)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(j)
}

// told is the bulletin as far as the paper tells of it.
func (p *Paper) told() *period.Bulletin {
	b := *p.Source
	b.Faults, b.Pending, b.Dropped = p.quoted(b.Faults), p.quoted(b.Pending), p.quoted(b.Dropped)
	if !p.Options.unconfirmed() {
		b.Pending = []period.Fault{}
	}
	return &b
}

func (p *Paper) quoted(list []period.Fault) []period.Fault {
	out := slices.Clone(list)
	for i := range out {
		out[i].Message = p.message(&out[i])
	}
	return out
}

func jsonTables(p *Paper) (out []jsonTable) {
	for _, a := range p.Tables() {
		t := jsonTable{Title: a.Title}
		for _, h := range a.Table.Heads {
			t.Heads = append(t.Heads, h.Name)
		}
		for _, r := range a.Table.Rows {
			row := make([]string, len(r))
			for i, h := range a.Table.Heads {
				row[i] = cellJSON(h, r[i])
			}
			t.Rows = append(t.Rows, row)
		}
		out = append(out, t)
	}
	return out
}

func cellJSON(h ColumnHead, c Cell) string {
	if h.Kind == Day && !c.At.IsZero() {
		return c.At.UTC().Format(time.RFC3339)
	}
	if s := h.Text(c); s != "—" {
		return s
	}
	return ""
}
