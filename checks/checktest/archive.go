package checktest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/xunjian/xunjian/inspect"
)

// A testCase is one archive that was read.
type testCase struct {
	ar     *txtar.Archive
	site   *inspect.Site
	now    time.Time
	with   map[string]any
	events []event
	want   string
}

// An event makes an inspect.Event anew for each run, since a page is parsed once.
type event func() inspect.Event

// siteYAML is site.yaml.
type siteYAML struct {
	ID      string                 `yaml:"id"`
	Name    string                 `yaml:"name"`
	Unit    string                 `yaml:"unit"`
	Code    string                 `yaml:"code"`
	Region  string                 `yaml:"region"`
	Home    string                 `yaml:"home"`
	Portal  bool                   `yaml:"portal"`
	Hosts   []string               `yaml:"hosts"`
	Allow   []string               `yaml:"allow"`
	Columns []columnYAML           `yaml:"columns"`
	Known   map[string][]knownYAML `yaml:"known"`
	Search  inspect.Search         `yaml:"search"`
	Past    *pastYAML              `yaml:"past"`
	Account *accountYAML           `yaml:"account"`
}

// A pastYAML is what the last inspection left.
type pastYAML struct {
	At     string         `yaml:"at"`     // yyyy-mm-dd
	Kept   map[string]any `yaml:"kept"`   // by check
	Probes []probeYAML    `yaml:"probes"` // earlier visits
}

// A probeYAML is one visit; repeat makes n of it, every minutes apart.
type probeYAML struct {
	URL     string          `yaml:"url"` // empty: the home page
	Network string          `yaml:"network"`
	At      string          `yaml:"at"` // RFC 3339; empty: now
	Status  int             `yaml:"status"`
	Verdict inspect.Verdict `yaml:"verdict"`
	Cause   inspect.Cause   `yaml:"cause"`
	Detail  string          `yaml:"detail"`
	Final   string          `yaml:"final"`
	Whole   int             `yaml:"whole_ms"`
	TLS     *tlsYAML        `yaml:"tls"`
	Repeat  int             `yaml:"repeat"`
	Every   int             `yaml:"every"`
}

type tlsYAML struct {
	Version  string `yaml:"version"`
	NotAfter string `yaml:"not_after"` // yyyy-mm-dd
	Problem  string `yaml:"problem"`
}

// A shownYAML is a page in a browser.
type shownYAML struct {
	Engine     string          `yaml:"engine"`
	Problem    string          `yaml:"problem"`
	HTML       string          `yaml:"html"`
	Sizes      map[int]int     `yaml:"sizes"`
	Violations []violationYAML `yaml:"violations"`
	Incomplete []violationYAML `yaml:"incomplete"`
}

type violationYAML struct {
	Rule, Impact, Help string
	WCAG               []string
	Nodes              []struct{ Target string }
}

// A fileYAML is an attachment that was taken apart.
type fileYAML struct {
	Format     string     `yaml:"format"`
	Incomplete string     `yaml:"incomplete"`
	Parts      []partYAML `yaml:"parts"`
}

type partYAML struct {
	Name   string       `yaml:"name"`
	Hidden bool         `yaml:"hidden"`
	Text   string       `yaml:"text"`
	Tables [][][]string `yaml:"tables"`
	Images int          `yaml:"images"`
}

type columnYAML struct {
	Name      string            `yaml:"name"`
	URL       string            `yaml:"url"`
	Genre     inspect.Genre     `yaml:"genre"`
	Window    string            `yaml:"window"`
	Selectors inspect.Selectors `yaml:"selectors"`
	TopLevel  bool              `yaml:"top_level"`
	Excused   *excuseYAML       `yaml:"excused"`
}

type excuseYAML struct {
	Reason, Approver string
	Until            string // yyyy-mm-dd
}

type knownYAML struct {
	Title string `yaml:"title"`
	URL   string `yaml:"url"`
	Date  string `yaml:"date"` // yyyy-mm-dd
}

func parse(data []byte) (*testCase, error) {
	c := &testCase{ar: txtar.Parse(data)}
	files := map[string]string{}
	for _, f := range c.ar.Files {
		if _, ok := files[f.Name]; ok {
			return nil, fmt.Errorf("%s stands twice", f.Name)
		}
		files[f.Name] = string(f.Data)
	}
	if strings.TrimSpace(string(c.ar.Comment)) == "" {
		return nil, fmt.Errorf("no comment says what the case shows")
	}
	var err error
	if c.site, err = readSite(files["site.yaml"]); err != nil {
		return nil, fmt.Errorf("site.yaml: %w", err)
	}
	if c.now, err = time.Parse(time.RFC3339, strings.TrimSpace(files["now"])); err != nil {
		return nil, fmt.Errorf("now: %w", err)
	}
	if err := yaml.UnmarshalWithOptions([]byte(files["with"]), &c.with, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("with: %w", err)
	}
	for i := range c.site.Columns { // relative to nothing: dates are dates
		if e := c.site.Columns[i].Excused; e != nil && e.Until.IsZero() {
			return nil, fmt.Errorf("column %s: excused without until", c.site.Columns[i].Name)
		}
	}
	c.want = files["want"]
	for _, f := range c.ar.Files {
		if err := c.file(f); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// file makes an event of a file whose name asks for one.
func (c *testCase) file(f txtar.File) error {
	words := fields(f.Name)
	switch {
	case len(words) == 0:
		return fmt.Errorf("a file has no name")
	case slices.Contains([]string{"site.yaml", "now", "with", "want"}, f.Name):
		return nil
	case words[0] == "PROBE":
		return c.probes(f.Data)
	case words[0] == "FEED" && len(words) > 1:
		return c.feed(words, f)
	case len(words) < 2 || !slices.Contains([]string{"GET", "LINK", "SKIP", "FILE", "ANSWER", "SHOWN"}, words[0]):
		return fmt.Errorf("%s: want GET, LINK, SKIP, FILE, ANSWER or SHOWN and an address, FEED and a source, or PROBE", f.Name)
	}
	if words[0] == "SHOWN" {
		return c.shown(words[1], f.Data)
	}
	var doc fileYAML
	if words[0] == "FILE" {
		if err := yaml.UnmarshalWithOptions(f.Data, &doc, yaml.Strict()); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	t, truncated, err := c.target(words[1], words[2:], f.Data)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	c.events = append(c.events, func() inspect.Event {
		u := t
		switch words[0] {
		case "LINK":
			return inspect.Event{Target: &u}
		case "SKIP":
			return inspect.Event{Skip: &u}
		case "FILE":
			return inspect.Event{Page: &inspect.Page{Target: u, Document: doc.document()}}
		case "ANSWER":
			return inspect.Event{Answer: &inspect.Page{Target: u, Type: "text/html", Charset: "utf-8", CharsetFrom: "head", Raw: f.Data, Body: f.Data}}
		}
		return inspect.Event{Page: &inspect.Page{Target: u, Type: "text/html", Charset: "utf-8", CharsetFrom: "head",
			Raw: f.Data, Body: f.Data, Truncated: truncated}}
	})
	return nil
}

// fields parts the words of a file's name; what stands in quotes is one word.
func fields(s string) (out []string) {
	for i, part := range strings.Split(s, `"`) {
		if i%2 == 1 {
			out = append(out, part)
		} else {
			out = append(out, strings.Fields(part)...)
		}
	}
	return out
}

func (d fileYAML) document() *inspect.Document {
	out := &inspect.Document{Format: d.Format, Incomplete: d.Incomplete}
	for _, p := range d.Parts {
		out.Parts = append(out.Parts, inspect.DocumentPart(p))
	}
	return out
}

// shown makes an event of a page in a browser.
func (c *testCase) shown(address string, data []byte) error {
	var y shownYAML
	if err := yaml.UnmarshalWithOptions(data, &y, yaml.Strict()); err != nil {
		return fmt.Errorf("SHOWN %s: %w", address, err)
	}
	u, scheme := inspect.NewBase(c.site.Home).Resolve(address)
	if scheme != inspect.HTTP {
		return fmt.Errorf("%q is no address", address)
	}
	c.events = append(c.events, func() inspect.Event {
		return inspect.Event{Shown: &inspect.Rendered{URL: u, At: c.now.UTC(), Engine: y.Engine, Problem: y.Problem, HTML: y.HTML, Sizes: y.Sizes,
			Violations: violations(y.Violations), Incomplete: violations(y.Incomplete)}}
	})
	return nil
}

func violations(ys []violationYAML) (out []inspect.Violation) {
	for _, y := range ys {
		v := inspect.Violation{Rule: y.Rule, Impact: y.Impact, Help: y.Help, WCAG: y.WCAG}
		for _, n := range y.Nodes {
			v.Nodes = append(v.Nodes, inspect.ViolationNode{Target: n.Target})
		}
		out = append(out, v)
	}
	return out
}

// probes makes events of visits.
func (c *testCase) probes(data []byte) error {
	var y []probeYAML
	if err := yaml.UnmarshalWithOptions(data, &y, yaml.Strict()); err != nil {
		return fmt.Errorf("PROBE: %w", err)
	}
	all, err := probesOf(y, c.site, c.now)
	for _, p := range all {
		c.events = append(c.events, func() inspect.Event { q := p; return inspect.Event{Probe: &q} })
	}
	return err
}

// innocent are the causes that accuse nobody.
var innocent = []inspect.Cause{inspect.Blocked, inspect.RateLimited, inspect.RobotsRefused, inspect.TooLarge, inspect.CutShort,
	inspect.BadAnswer, inspect.Budget, inspect.OwnFault}

// causes are the words for a cause.
var causes = append([]inspect.Cause{inspect.DNS, inspect.Refused, inspect.Unreachable, inspect.TLSFailure, inspect.Certificate,
	inspect.OldTLS, inspect.Timeout, inspect.Status4xx, inspect.Status5xx, inspect.RedirectLoop, inspect.SoftNotFound,
	inspect.RedirectedHome, inspect.PrivateAddress}, innocent...)

var verdicts = []inspect.Verdict{inspect.Fine, inspect.Fault, inspect.CouldNotTell, inspect.Information, inspect.Suspected}

// target reads an address and the words after it: a status, a cause, a
// verdict, the address where it landed, "truncated".
func (c *testCase) target(address string, words []string, body []byte) (t inspect.Target, truncated bool, err error) {
	u, scheme := inspect.NewBase(c.site.Home).Resolve(address)
	if scheme != inspect.HTTP {
		return t, false, fmt.Errorf("%q is no address", address)
	}
	sum := sha256.Sum256(body)
	t = inspect.Target{URL: u, Fetched: c.now.UTC(), Digest: "sha256:" + hex.EncodeToString(sum[:])}
	for _, w := range words {
		n, nerr := strconv.Atoi(w)
		switch {
		case nerr == nil:
			t.Status = n
		case slices.Contains(causes, inspect.Cause(w)):
			t.Cause = inspect.Cause(w)
		case slices.Contains(verdicts, inspect.Verdict(w)):
			t.Verdict = inspect.Verdict(w)
		case w == "truncated":
			truncated, t.Cause = true, inspect.TooLarge
		case strings.HasPrefix(w, "title="):
			t.Title = strings.TrimPrefix(w, "title=")
		case strings.HasPrefix(w, "opening="):
			t.Opening = strings.TrimPrefix(w, "opening=")
		case strings.Contains(w, "://"):
			t.Final = w
		default:
			return t, false, fmt.Errorf("unknown word %q", w)
		}
	}
	complete(&t)
	return t, truncated, nil
}

// complete gives a target the cause and verdict that follow from the rest.
func complete(t *inspect.Target) {
	if t.Cause == "" {
		switch t.Status / 100 {
		case 4:
			t.Cause = inspect.Status4xx
		case 5:
			t.Cause = inspect.Status5xx
		}
	}
	if t.Verdict != "" {
		return
	}
	switch {
	case t.Cause == "":
		t.Verdict = inspect.Fine
	case slices.Contains(innocent, t.Cause):
		t.Verdict = inspect.CouldNotTell
	default:
		t.Verdict = inspect.Fault
	}
}

// Events implements inspect.Source.
func (s source) Events(context.Context, *inspect.Site) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		for _, e := range s {
			if !yield(e(), nil) {
				return
			}
		}
	}
}

type source []event
