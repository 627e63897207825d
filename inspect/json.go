package inspect

import (
	"encoding/json"
	"io"
	"math"
	"time"
)

// Schema names the JSON form of an inspection. Other tools read it, so it only grows.
const Schema = "xunjian.inspection/1"

type jsonInspection struct {
	Schema string `json:"schema"`
	Target struct {
		ID   string `json:"id"`
		Kind Kind   `json:"kind"`
		Home string `json:"home"`
		Unit string `json:"unit"`
	} `json:"target"`
	Started  string `json:"started"`
	Finished string `json:"finished"`
	Now      string `json:"now"`
	Rulebook struct {
		ID      string `json:"id"`
		Version string `json:"version"`
		Digest  string `json:"digest"`
	} `json:"rulebook"`
	Pages struct {
		Fetched   int `json:"fetched"`
		Unchanged int `json:"unchanged"`
		Failed    int `json:"failed"`
		Skipped   int `json:"skipped"`
	} `json:"pages"`
	Links struct {
		Checked int `json:"checked"`
		Broken  int `json:"broken"`
		Unknown int `json:"unknown"`
	} `json:"links"`
	Coverage float64       `json:"coverage"`
	Grade    Grade         `json:"grade"`
	Findings []JSONFinding `json:"findings"`

	// Since 1.0, at the end, so that the keys above keep their order.
	ID       string           `json:"id"`
	Complete bool             `json:"complete"`
	Stopped  string           `json:"stopped,omitempty"`
	Kinds    map[PageKind]int `json:"kinds"`
	Clocks   []Clock          `json:"clocks"`
	Notes    []string         `json:"notes,omitempty"`
	Open     []string         `json:"undecided,omitempty"`
	Person   []string         `json:"for_person"`
	Account  *jsonAccount     `json:"account,omitempty"`
	Browser  *jsonBrowser     `json:"browser,omitempty"`
}

// A jsonBrowser is what a browser looked at, and how the rules that read the
// source stand against it.
type jsonBrowser struct {
	Engine   string       `json:"engine,omitempty"`
	Sampled  int          `json:"sampled"`
	Shown    int          `json:"shown"`
	Pages    int          `json:"pages"`
	Compared []Comparison `json:"compared,omitempty"`
}

// A JSONFinding is a finding as design and API write it.
type JSONFinding struct {
	Check    string   `json:"check"`
	Items    []string `json:"items"`
	Outcome  Outcome  `json:"outcome"`
	URL      string   `json:"url"`
	Locus    string   `json:"locus"`
	Message  string   `json:"message"`
	Value    float64  `json:"value"`
	Unit     string   `json:"unit"`
	Places   int      `json:"places"`
	Evidence struct {
		Status  int    `json:"status"`
		Fetched string `json:"fetched"`
		Digest  string `json:"digest"`
	} `json:"evidence"`
	Fingerprint string   `json:"fingerprint"`
	Class       string   `json:"class,omitempty"`
	Examples    []string `json:"examples,omitempty"`
	State       State    `json:"state,omitempty"`
	First       string   `json:"first_seen,omitempty"`
	Times       int      `json:"times,omitempty"`
	On          string   `json:"linked_on,omitempty"`

	Browser *BrowserFault `json:"browser,omitempty"` // in reports only: it is not kept
}

// JSON is the finding in its written form.
func (f *Finding) JSON() JSONFinding {
	j := JSONFinding{Check: f.Check, Items: f.Items, Outcome: f.Outcome, URL: f.URL, Locus: f.Locus, Message: f.Message,
		Value: f.Value, Unit: f.Unit, Places: f.Places, Fingerprint: f.Fingerprint, Class: f.Class, Examples: f.Examples,
		State: f.State, First: stamp(f.First), Times: f.Times, On: f.On}
	if j.Items == nil {
		j.Items = []string{}
	}
	j.Evidence.Status, j.Evidence.Digest = f.Evidence.Status, f.Evidence.Digest
	j.Evidence.Fetched = stamp(f.Evidence.Fetched)
	return j
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// WriteJSON writes the inspection as one indented JSON object.
func (in *Inspection) WriteJSON(w io.Writer) error {
	j := jsonInspection{Schema: Schema, Started: stamp(in.Started), Finished: stamp(in.Finished),
		Now: in.Now.In(Zone).Format(time.RFC3339), Coverage: math.Round(in.Coverage()*1e4) / 1e4, Grade: in.Grade,
		Findings: []JSONFinding{}, ID: in.ID, Complete: in.Complete, Stopped: in.Stopped, Kinds: in.Counts.Kinds,
		Clocks: in.Clocks, Notes: in.Notes, Open: in.Grade.Undecided, Person: in.Grade.ForPerson}
	j.Target.ID, j.Target.Kind, j.Target.Home, j.Target.Unit = in.Site.ID, in.Site.Kind, in.Site.Home, in.Site.Unit
	j.Rulebook.ID, j.Rulebook.Version, j.Rulebook.Digest = in.Rules.ID, in.Rules.Version, in.Rules.Digest
	c := &in.Counts
	j.Pages.Fetched, j.Pages.Unchanged, j.Pages.Failed, j.Pages.Skipped = c.Fetched, c.Unchanged, c.Failed, c.Skipped
	j.Links.Checked, j.Links.Broken, j.Links.Unknown = c.Asked, c.Broken, c.Unknown
	for i := range in.Findings {
		f := in.Findings[i].JSON()
		f.Browser = in.Findings[i].Browser
		j.Findings = append(j.Findings, f)
	}
	if c.Sampled > 0 {
		j.Browser = &jsonBrowser{Engine: c.Engine, Sampled: c.Sampled, Shown: c.Shown, Pages: c.Fetched, Compared: in.Compared}
	}
	if j.Clocks == nil {
		j.Clocks = []Clock{}
	}
	if j.Person == nil {
		j.Person = []string{}
	}
	j.Account = in.account()
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(j)
}
