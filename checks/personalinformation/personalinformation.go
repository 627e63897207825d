// Package personalinformation is the check personal-information: numbers of
// identity papers, accounts and phones of private persons, and lists of them.
package personalinformation

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"reflect"
	"strings"

	"github.com/xunjian/xunjian/checks/lexicon"
	"github.com/xunjian/xunjian/checks/privacy"
	"github.com/xunjian/xunjian/checks/prose"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check personal-information.
var Check = inspect.NewCheck("personal-information", rule, inspect.PerPage, struct{}{}, run).Timeless().AlsoFiles()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	t := prose.Of(p.Page)
	b := book{seen: map[string]bool{}, persons: map[string]bool{}, count: map[privacy.Kind]int{}}
	if d := p.Page.Document; d != nil {
		incomplete(p, d)
		for i := range d.Parts {
			b.block(b.scan(p, d.Parts[i].Name), "") // sheets and files are named after persons too
			for _, rows := range d.Parts[i].Tables {
				b.roll(b.table(p, rows), place(d.Parts[i].Name, d.Parts[i].Hidden))
			}
		}
	} else {
		for _, n := range p.Page.Elements(atom.Table) {
			if rows := rowsOf(n); rows != nil {
				b.roll(b.table(p, rows), "")
			}
		}
	}
	for i := range t.Blocks {
		k := &t.Blocks[i]
		b.block(b.scan(p, t.In(k)), place(k.Part, k.Hidden))
	}
	if p.Conceal != nil && len(b.secrets) > 0 {
		p.Conceal(b.secrets...)
	}
	if b.any() {
		p.Report(b.finding())
	}
	return nil
}

// A number whose day of birth is yet to come is no identity number today and
// may be one later: a page with such a number is read anew each time.
func (b *book) scan(p *inspect.Pass, text string) []privacy.Value {
	b.hinge(p)
	long := privacy.Longest(text)
	if long < privacy.Shortest {
		return nil
	}
	v := privacy.Scan(text, p.Now)
	if long >= privacy.Dated && len(privacy.Scan(text, p.Now.AddDate(200, 0, 0))) != len(v) {
		p.Page.Passing()
	}
	return v
}

func (b *book) table(p *inspect.Pass, rows [][]string) privacy.Roll {
	b.hinge(p)
	r := privacy.Table(rows, p.Now)
	if !reflect.DeepEqual(privacy.Table(rows, p.Now.AddDate(200, 0, 0)), r) {
		p.Page.Passing()
	}
	return r
}

// hinge says once that the day counts.
func (b *book) hinge(p *inspect.Pass) {
	if !b.hinged {
		p.Page.Hinge(p.Now)
		b.hinged = true
	}
}

// incomplete says of a file that was not read in full, or that is pictures
// only, that it could not be judged.
func incomplete(p *inspect.Pass, d *inspect.Document) {
	why := d.Incomplete
	if why == "" {
		images, text := 0, 0
		for i := range d.Parts {
			images += d.Parts[i].Images
			text += len(strings.TrimSpace(d.Parts[i].Text)) + len(d.Parts[i].Tables)
		}
		if images == 0 || text > 0 {
			return
		}
		why = "内容为图片"
	}
	p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "file", Message: "附件未能全部读取，是否含个人信息未能判定：" + why})
}

func place(part string, hidden bool) string {
	if hidden {
		return part + "，隐藏"
	}
	return part
}

// table are the rows of a table that holds no other.
func rowsOf(n *html.Node) [][]string {
	var rows [][]string
	var visit func(*html.Node) bool
	visit = func(n *html.Node) bool {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch c.DataAtom {
			case atom.Table:
				return false
			case atom.Tr:
				rows = append(rows, nil)
			case atom.Td, atom.Th:
				if len(rows) > 0 {
					rows[len(rows)-1] = append(rows[len(rows)-1], prose.Fold(inspect.TextOf(c)))
				}
			}
			if c.Type == html.ElementNode && !visit(c) {
				return false
			}
		}
		return true
	}
	if !visit(n) {
		return nil
	}
	return rows
}

// A book counts what a page or file tells of persons.
type book struct {
	seen    map[string]bool // values that were counted
	persons map[string]bool
	count   map[privacy.Kind]int
	secrets []inspect.Secret
	example map[privacy.Kind]string
	places  []string
	rows    int
	hinged  bool
}

func (b *book) any() bool { return len(b.count) > 0 }

// roll takes what a table of persons tells.
func (b *book) roll(r privacy.Roll, place string) {
	for _, k := range r.Persons {
		b.persons[k] = true
	}
	for i := range r.Values {
		b.value(&r.Values[i], place)
	}
	if len(r.Values) > 0 {
		b.rows += r.Rows
	}
}

// block takes what a block tells: the values in it are one person's unless
// there are several identity numbers.
func (b *book) block(vs []privacy.Value, place string) {
	fresh, identified := "", false
	for i := range vs {
		first := b.value(&vs[i], place)
		switch {
		case vs[i].Kind == privacy.IdentityNumber || vs[i].Kind == privacy.WeakMask:
			b.persons[vs[i].Key()] = true
			identified = true
		case first && fresh == "":
			fresh = vs[i].Key()
		}
	}
	if !identified && fresh != "" {
		b.persons[fresh] = true
	}
}

// value counts a value, unless it was counted before.
func (b *book) value(v *privacy.Value, place string) bool {
	key := string(v.Kind) + v.Key()
	if b.seen[key] {
		return false
	}
	b.seen[key] = true
	b.count[v.Kind]++
	if v.Raw != "" {
		b.secrets = append(b.secrets, inspect.Secret{Raw: v.Raw, Mask: grouped(v.Raw, v.Mask)})
		if plain := v.Key(); plain != v.Raw && len(plain) >= 8 {
			b.secrets = append(b.secrets, inspect.Secret{Raw: plain, Mask: v.Mask, Other: true})
		}
		if b.example == nil {
			b.example = map[privacy.Kind]string{}
		}
		b.example[v.Kind] = cmp.Or(b.example[v.Kind], v.Mask)
	}
	if place != "" && (len(b.places) == 0 || b.places[len(b.places)-1] != place) && len(b.places) < 5 {
		b.places = append(b.places, place)
	}
	return true
}

// grouped is a mask with the blanks and hyphens of the value, so that a text
// with masks reads as long as it was.
func grouped(raw, mask string) string {
	m := []rune(mask)
	var out []rune
	for _, r := range raw {
		switch {
		case r == ' ' || r == '-':
			out = append(out, r)
		case len(m) > 0:
			out, m = append(out, m[0]), m[1:]
		default:
			return mask
		}
	}
	if len(m) > 0 {
		return mask
	}
	return string(out)
}

// finding is the one finding of a page or file: all kinds, and how many persons.
func (b *book) finding() inspect.Finding {
	f := inspect.Finding{Outcome: inspect.Review, Locus: "personal-information", Unit: "人"}
	var said []string
	for _, k := range privacy.Kinds {
		n := b.count[k]
		if n == 0 {
			continue
		}
		if f.Class == "" {
			f.Class = string(k)
		}
		s := fmt.Sprintf("%s%d个", k.Chinese(), n)
		if k == privacy.Sensitive {
			s = fmt.Sprintf("%s%d行", k.Chinese(), n)
		}
		if e := b.example[k]; e != "" {
			s += "（如" + e + "）"
		}
		said = append(said, s)
	}
	people := max(len(b.persons), b.count[privacy.Sensitive])
	f.Value = float64(people)
	f.Message = fmt.Sprintf("疑似泄露个人信息，涉及%d人：%s", people, strings.Join(said, "、"))
	if len(b.places) > 0 {
		f.Message += "；位于" + lexicon.Blur(strings.Join(b.places, "、"))
	}
	return f
}
