package store

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// The kinds of event rows.
const (
	pageRow   = "page"
	targetRow = "target"
	skipRow   = "skip"
	linksRow  = "links" // a chunk of link targets that are fine
	probeRow  = "probe"
	answerRow = "answer"
	shownRow  = "shown" // what a browser showed, packed in links
	feedRow   = "feed"  // what a source of an account gave, packed in links
)

// An inspectionRow is a row of inspections; structures in it are JSON.
type inspectionRow struct {
	bun.BaseModel `bun:"table:inspections,alias:i"`

	ID              string `bun:",pk"`
	SiteID          string
	Site            string
	Now             int64
	Started         int64
	Finished        int64
	Done            bool
	Complete        bool
	Stopped         string
	RulebookID      string
	RulebookVersion string
	RulebookDigest  string
	Options         string
	Verdict         string
	Counts          string
	Grade           string
	Clocks          string
	Seen            string
	Past            string
	Scope           string
	Fence           int64
}

// An eventRow is a row of events: a page, a target, a skip or a chunk of links.
type eventRow struct {
	bun.BaseModel `bun:"table:events,alias:e"`

	Inspection  string `bun:",pk"`
	Seq         int64  `bun:",pk"`
	Kind        string
	URL         string
	Final       string
	Status      int
	Verdict     string
	Cause       string
	Detail      string
	Fetched     int64
	Took        int64
	Header      string
	Digest      string
	Kept        bool // the body lies in the evidence
	Depth       int
	Type        string
	Charset     string
	CharsetFrom string
	Truncated   bool
	Unchanged   bool
	Links       []byte `bun:",nullzero"`
	Body        string // digest of what is kept, where that is not what was received
	IsDocument  bool   // what is kept is the text of an attachment, as JSON
	Sealed      string // findings told when the secrets in the body could be read
	Probe       string // as JSON
	Title       string
	Opening     string
}

// A findingRow is a row of findings.
type findingRow struct {
	bun.BaseModel `bun:"table:findings,alias:f"`

	Inspection  string `bun:",pk"`
	N           int    `bun:",pk"`
	CheckID     string
	Outcome     string
	URL         string
	Locus       string
	Class       string
	Message     string
	Value       float64
	Unit        string
	Template    bool
	Status      int
	Fetched     int64
	Digest      string
	Places      int
	Examples    string
	Fingerprint string
	Items       string
	Tentative   bool
	State       string
	FirstSeen   int64
	Times       int
	LinkedOn    string
}

// targetOf makes the row of a target, with text that both databases take.
func targetOf(id, kind string, seq int64, t *inspect.Target) eventRow {
	return eventRow{Inspection: id, Seq: seq, Kind: kind, URL: clean(t.URL), Final: clean(t.Final), Status: t.Status,
		Verdict: string(t.Verdict), Cause: string(t.Cause), Detail: clean(t.Detail), Fetched: nanos(t.Fetched), Took: int64(t.Took),
		Header: toJSON(t.Header), Digest: t.Digest, Title: clean(t.Title), Opening: clean(t.Opening)}
}

func pageOf(id, kind string, seq int64, p *inspect.Page) eventRow {
	r := targetOf(id, kind, seq, &p.Target)
	r.Depth, r.Type, r.Charset, r.CharsetFrom = p.Depth, clean(p.Type), clean(p.Charset), clean(p.CharsetFrom)
	r.Truncated, r.Unchanged, r.Kept = p.Truncated, p.Unchanged, p.Raw != nil || p.Unchanged && p.Reading != nil
	return r
}

func (r *eventRow) target() (inspect.Target, error) {
	t := inspect.Target{URL: r.URL, Final: r.Final, Status: r.Status, Verdict: inspect.Verdict(r.Verdict), Cause: inspect.Cause(r.Cause),
		Detail: r.Detail, Fetched: fromNanos(r.Fetched), Took: inspect.Millis(r.Took), Digest: r.Digest,
		Title: r.Title, Opening: r.Opening}
	if r.Header == "" {
		return t, nil
	}
	t.Header = http.Header{}
	return t, json.Unmarshal([]byte(r.Header), &t.Header)
}

// toJSON is a header as JSON; none is "".
func toJSON(h http.Header) string {
	if h == nil {
		return ""
	}
	b, err := json.Marshal(h)
	if err != nil {
		return "" // strings always encode
	}
	return string(b)
}

func findingOf(id string, n int, f *inspect.Finding) (findingRow, error) {
	r := findingRow{Inspection: id, N: n, CheckID: f.Check, Outcome: string(f.Outcome), URL: clean(f.URL), Locus: clean(f.Locus),
		Class: clean(f.Class), Message: clean(f.Message), Value: f.Value, Unit: clean(f.Unit), Template: f.Template, Status: f.Evidence.Status,
		Fetched: nanos(f.Evidence.Fetched), Digest: f.Evidence.Digest, Places: f.Places, Fingerprint: f.Fingerprint,
		Tentative: f.Tentative, State: string(f.State), FirstSeen: nanos(f.First), Times: f.Times, LinkedOn: clean(f.On)}
	examples, err := json.Marshal(f.Examples)
	if err != nil {
		return r, err
	}
	items, err := json.Marshal(f.Items)
	r.Examples, r.Items = string(examples), string(items)
	return r, err
}

func (r *findingRow) finding() (inspect.Finding, error) {
	f := inspect.Finding{Check: r.CheckID, Outcome: inspect.Outcome(r.Outcome), URL: r.URL, Locus: r.Locus, Class: r.Class,
		Message: r.Message, Value: r.Value, Unit: r.Unit, Template: r.Template, Places: r.Places, Fingerprint: r.Fingerprint,
		Evidence:  inspect.Evidence{Status: r.Status, Fetched: fromNanos(r.Fetched), Digest: r.Digest},
		Tentative: r.Tentative, State: inspect.State(r.State), First: fromNanos(r.FirstSeen), Times: r.Times, On: r.LinkedOn}
	if err := json.Unmarshal([]byte(r.Examples), &f.Examples); err != nil {
		return f, err
	}
	return f, json.Unmarshal([]byte(r.Items), &f.Items)
}

// A storedGrade is a grade with all its fields; its own JSON form, which is
// for other tools, leaves some out.
type storedGrade struct {
	inspect.Grade
	Scored    bool           `json:"scored"`
	BonusOpen bool           `json:"bonus_open"`
	Lines     []inspect.Line `json:"lines"`
	ForPerson []string       `json:"for_person"`
	Undecided []string       `json:"undecided"`
}

func gradeJSON(g inspect.Grade) ([]byte, error) {
	return json.Marshal(storedGrade{g, g.Scored, g.BonusOpen, g.Lines, g.ForPerson, g.Undecided})
}

func gradeOf(s string) (inspect.Grade, error) {
	var g storedGrade
	if err := json.Unmarshal([]byte(s), &g); err != nil {
		return g.Grade, err
	}
	out := g.Grade
	out.Scored, out.BonusOpen, out.Lines, out.ForPerson, out.Undecided = g.Scored, g.BonusOpen, g.Lines, g.ForPerson, g.Undecided
	return out, nil
}

// linkLines splits a chunk of links again.
func linkLines(s string) []string { return strings.Split(strings.TrimSuffix(s, "\n"), "\n") }
