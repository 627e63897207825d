package bulletins

import (
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

//go:embed templates/report.html
var templates embed.FS

// report is the HTML report's template. Messages and addresses come from
// foreign pages: html/template escapes them for the place they stand in.
var report = template.Must(template.New("report.html").Funcs(template.FuncMap{
	"date":     func(t time.Time) string { return t.In(inspect.Zone).Format(time.DateOnly) },
	"moment":   func(t time.Time) string { return t.In(inspect.Zone).Format("2006-01-02 15:04:05") },
	"readable": inspect.Readable,
	"percent":  percent,
	"outcome":  outcomeWord,
	"days":     daysLeft,
	"part":     partWord,
	"join":     func(ids []string) string { return strings.Join(ids, "、") },
	"short": func(digest string) string {
		if len(digest) > 19 {
			return digest[:19] + "…"
		}
		return digest
	},
	"picture": func(*inspect.Finding) *picture { return nil }, // see HTML
	"web":     func(u string) bool { return len(u) > 7 && (u[:7] == "http://" || u[:8] == "https://") },
}).ParseFS(templates, "templates/report.html"))

// A htmlReport is what the template shows.
type htmlReport struct {
	*inspect.Inspection
	Name, Decision, Score string
	OpenVetoes            int // veto items that only a person can judge
	Families              []htmlFamily
	Vetoes, Deductions    []htmlLine
	Undecided             []string
	Person                []personGroup
	Access                *access
}

type htmlFamily struct {
	*family
	Clause, Remedy, Counts string
	Open                   bool
}

type htmlLine struct {
	inspect.Line
	Text, Mark, State string
}

// HTML writes a report in one file that needs no network to be read.
func HTML(w io.Writer, in *inspect.Inspection) error {
	r := htmlReport{Inspection: in, Name: in.Site.Name, Decision: decision(&in.Grade), Score: scoreLine(in), OpenVetoes: openVetoes(in)}
	if r.Name == "" {
		r.Name = in.Site.ID
	}
	for i, g := range families(in) {
		r.Families = append(r.Families, htmlFamily{family: g, Clause: section(in, g.Check, "Clause"), Remedy: section(in, g.Check, "Remedy"), Counts: g.counts(), Open: i < 3})
	}
	for _, why := range in.Grade.Undecided {
		r.Undecided = append(r.Undecided, undecidedWords(in, why))
	}
	for _, ln := range in.Grade.Lines {
		h := htmlLine{Line: ln, State: state(&ln)}
		if it := item(in, ln.Item); it != nil {
			h.Text, h.Mark = it.Text, markWord(it.Mark)
		}
		switch {
		case ln.Part == inspect.Veto:
			r.Vetoes = append(r.Vetoes, h)
		case ln.Part == inspect.Deduction && in.Grade.Scored:
			r.Deductions = append(r.Deductions, h)
		}
	}
	r.Person, r.Access = personGroups(in), accessOf(in)
	t, err := report.Clone()
	if err != nil {
		return err
	}
	return t.Funcs(template.FuncMap{"picture": pictures(in)}).Execute(w, r)
}

// A picture is what a browser showed of a page, as an address that holds it.
type picture struct {
	URL  string
	Data template.URL
}

// maxPictures is how many pictures a report holds: it is one file.
const maxPictures = 20

// pictures hands out the picture of each page once, beside the first finding
// that the browser's engine told of it.
func pictures(in *inspect.Inspection) func(*inspect.Finding) *picture {
	of, left := map[string][]byte{}, maxPictures
	for _, s := range in.Shown {
		of[s.URL] = s.Picture
	}
	return func(f *inspect.Finding) *picture {
		jpeg := of[f.URL]
		if f.Browser == nil || len(jpeg) == 0 || left == 0 {
			return nil
		}
		left--
		delete(of, f.URL)
		return &picture{f.URL, template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(jpeg))} // #nosec G203 -- base64 of a picture
	}
}

// markWord says how sure we are of a clause's text.
func markWord(m inspect.Mark) string {
	switch m {
	case inspect.Verified:
		return "条文已核实"
	case inspect.SecondHand:
		return "条文据转述"
	}
	return "条文未核实"
}
