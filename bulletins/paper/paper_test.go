package paper_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/xunjian/xunjian/bulletins/paper"
	"github.com/xunjian/xunjian/bulletins/period"
)

var update = flag.Bool("update", false, "rewrite golden files")

// Each kind says what it said before.
func TestKinds(t *testing.T) {
	t.Parallel()
	b := bulletin(t, source{3, 4, 12})
	for _, k := range paper.Kinds {
		t.Run(k.Name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			for _, p := range k.Make(b, sampleOptions) {
				out.WriteString("# " + strings.Join(p.Title, " / ") + "\n")
				for i := range p.Blocks {
					if x := &p.Blocks[i]; x.Text != nil {
						out.WriteString(x.Text.String() + "\n")
					}
				}
				for _, a := range p.Tables() {
					out.WriteString("## " + a.Title + "\n")
					for n, r := range a.Table.Rows {
						if n == 4 {
							out.WriteString("…\n")
							break
						}
						for i, h := range a.Table.Heads {
							out.WriteString(h.Name + "=" + h.Text(r[i]) + " ")
						}
						out.WriteString("\n")
					}
				}
			}
			golden(t, k.Name+".txt", out.String())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

// A number in the text of a notice is a figure of the bulletin, or belongs to
// what others wrote: our own words hold only the numbers of annexes.
func TestTextHoldsNoNumberOfItsOwn(t *testing.T) {
	t.Parallel()
	p := sample(t)
	digits := regexp.MustCompile(`[0-9]+(?:\.[0-9]+)?%?`)
	known := map[string]bool{"1": true, "2": true} // annexes
	for i := range p.Blocks {
		for _, s := range p.Blocks[i].Text {
			if s.Figure != "" {
				if f := p.Source.Figures.Get(s.Figure); f.Text() != s.Text || f.Rule == "" {
					t.Errorf("%s prints %q", s.Figure, s.Text)
				}
				continue
			}
			for _, n := range digits.FindAllString(s.Text, -1) {
				if !s.Data && !known[n] {
					t.Errorf("%q in our own words: %s", n, p.Blocks[i].Text)
				}
			}
		}
	}
}

// The same paper gives the same bytes in every format that is ours.
func TestFormatsAreDeterministic(t *testing.T) {
	t.Parallel()
	for _, f := range []string{"docx", "xlsx", "html", "json", "csv"} {
		if !bytes.Equal(written(t, f, sample(t)), written(t, f, sample(t))) {
			t.Errorf("%s differs", f)
		}
	}
}

// A draft says so on every sheet, and lists what is not confirmed apart; what
// units are shown, and what is issued, says nothing of it but how many.
func TestDraft(t *testing.T) {
	t.Parallel()
	b := bulletin(t, source{12, 20, 60})
	o := sampleOptions
	issued := paper.KindOf("notice").Make(b, o)[0]
	o.Draft = true
	draft := paper.KindOf("notice").Make(b, o)[0]
	o.Window = o.Date.AddDate(0, 0, 3)
	preview := paper.KindOf("notice").Make(b, o)[0]
	mark := func(p *paper.Paper) bool {
		x := parts(t, written(t, "docx", p))
		return strings.Contains(x["word/header1.xml"], "监测初稿") && strings.Contains(string(written(t, "html", p)), "监测初稿")
	}
	if !mark(draft) || !mark(preview) || mark(issued) {
		t.Error("only a draft is marked as one")
	}
	pending := func(p *paper.Paper) bool {
		for _, a := range p.Annexes {
			if strings.Contains(a.Title, "待确认") {
				return true
			}
		}
		return false
	}
	if !pending(draft) || pending(preview) || pending(issued) || len(b.Pending) == 0 {
		t.Error("what is not confirmed stands in what units do not read yet, and there only")
	}
	for _, f := range b.Pending {
		if slices.ContainsFunc(slices.Concat(b.Faults, b.Dropped), func(x period.Fault) bool { return x.Fingerprint == f.Fingerprint }) {
			continue // it had a life before this one
		}
		for _, p := range []*paper.Paper{preview, issued} {
			for _, format := range []string{"html", "json"} {
				if strings.Contains(string(written(t, format, p)), f.Fingerprint) {
					t.Errorf("%s is not confirmed, and stands in the %s", f.Fingerprint, format)
				}
			}
		}
	}
}

// A public version does not spread what it criticises.
func TestPublic(t *testing.T) {
	t.Parallel()
	b := bulletin(t, source{3, 4, 12})
	o := sampleOptions
	for _, public := range []bool{false, true} {
		o.Public = public
		for _, format := range []string{"html", "json"} {
			got := string(written(t, format, paper.KindOf("notice").Make(b, o)[0]))
			if strings.Contains(got, "alert(1)") == public || strings.Contains(got, "=HYPERLINK") == public {
				t.Errorf("%s: public %v quotes what it should not, or leaves out what it should quote", format, public)
			}
		}
	}
}

func TestXLSX(t *testing.T) {
	t.Parallel()
	p := sample(t)
	f, err := excelize.OpenReader(bytes.NewReader(written(t, "xlsx", p)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if len(sheets) != len(p.Tables()) {
		t.Fatalf("sheets %v for %d tables", sheets, len(p.Tables()))
	}
	for i, a := range p.Tables() {
		rows, err := f.GetRows(sheets[i])
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != len(a.Table.Rows)+1 {
			t.Errorf("%s: %d rows", sheets[i], len(rows))
		}
		panes, err := f.GetPanes(sheets[i])
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: the head does not stay: %+v, %v", sheets[i], panes, err)
		}
		tables, err := f.GetTables(sheets[i])
		if err != nil || len(tables) != 1 {
			t.Errorf("%s: no filters: %v, %v", sheets[i], tables, err)
		}
	}
	list := ""
	for _, s := range sheets {
		if strings.HasSuffix(s, "问题清单") {
			list = s
		}
	}
	kind := func(cell string) excelize.CellType {
		k, err := f.GetCellType(list, cell)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	if kind("A2") == excelize.CellTypeSharedString || kind("A2") == excelize.CellTypeInlineString || kind("G2") == excelize.CellTypeInlineString {
		t.Error("numbers and dates are text")
	}
	for n := 2; n < 20; n++ {
		cell, err := excelize.CoordinatesToCellName(5, n)
		if err != nil {
			t.Fatal(err)
		}
		if formula, err := f.GetCellFormula(list, cell); err != nil || formula != "" {
			t.Errorf("%s holds the formula %q, %v", cell, formula, err)
		}
	}
	if date, err := f.GetCellValue(list, "G2"); err != nil || !regexp.MustCompile(`^2026-\d\d-\d\d$`).MatchString(date) {
		t.Errorf("a date is %q, %v", date, err)
	}
}

// A CSV opens as UTF-8, and nothing in it is a formula.
func TestCSV(t *testing.T) {
	t.Parallel()
	files, err := paper.FormatOf("csv").Files(t.Context(), sample(t))
	if err != nil {
		t.Fatal(err)
	}
	formulas := 0
	for _, x := range files {
		text, ok := strings.CutPrefix(string(x.Data), "\ufeff")
		if !ok {
			t.Errorf("%s: no mark", x.Name)
		}
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", x.Name, err)
		}
		for _, r := range rows {
			for _, c := range r {
				if strings.HasPrefix(c, "=") || strings.HasPrefix(c, "@") || strings.HasPrefix(c, "+") {
					t.Errorf("%s: %q", x.Name, c)
				}
				if strings.HasPrefix(c, "'=HYPERLINK") {
					formulas++
				}
			}
		}
	}
	if formulas == 0 || len(files) != len(sample(t).Tables()) {
		t.Errorf("%d files, %d cells that look like formulas", len(files), formulas)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	var got struct {
		Schema   string
		Text     []struct{ Figures []string }
		Bulletin struct {
			Figures []struct{ ID, Rule string }
			Targets []struct{ ID string }
		}
	}
	if err := json.Unmarshal(written(t, "json", sample(t)), &got); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, f := range got.Bulletin.Figures {
		known[f.ID] = f.Rule != ""
	}
	for _, x := range got.Text {
		for _, id := range x.Figures {
			if !known[id] {
				t.Errorf("figure %s does not say how it came about", id)
			}
		}
	}
	if got.Schema != paper.Schema || len(got.Bulletin.Targets) != 32 {
		t.Errorf("%s, %d targets", got.Schema, len(got.Bulletin.Targets))
	}
}

// The page loads nothing and runs nothing; each table has caption and heads,
// and each figure its derivation.
func TestHTML(t *testing.T) {
	t.Parallel()
	doc, err := html.Parse(bytes.NewReader(written(t, "html", sample(t))))
	if err != nil {
		t.Fatal(err)
	}
	count := map[atom.Atom]int{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.DataAtom]++
		switch n.DataAtom {
		case atom.Script, atom.Iframe, atom.Link, atom.Img, atom.Form, atom.Object:
			t.Errorf("<%s> in the page", n.Data)
		}
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
			if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "href" && !strings.HasPrefix(a.Val, "http") {
				t.Errorf("%s=%q", a.Key, a.Val)
			}
		}
		if n.DataAtom == atom.Data && at["title"] == "" || n.DataAtom == atom.Th && at["scope"] == "" || n.DataAtom == atom.Html && at["lang"] != "zh-CN" {
			t.Errorf("<%s %v>", n.Data, n.Attr)
		}
	}
	if count[atom.H1] != 1 || count[atom.Main] != 1 || count[atom.Table] != count[atom.Caption] || count[atom.Table] < 8 || count[atom.Data] < 30 {
		t.Errorf("elements %v", count)
	}
}

// Names of kinds and formats are found, others are not.
func TestByName(t *testing.T) {
	t.Parallel()
	for _, k := range paper.Kinds {
		if paper.KindOf(k.Name) == nil || k.Chinese == "" {
			t.Errorf("kind %s", k.Name)
		}
	}
	if paper.KindOf("x") != nil || paper.FormatOf("x") != nil {
		t.Error("a kind or a format that there is not")
	}
}
