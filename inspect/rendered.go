package inspect

import (
	"context"
	"hash/fnv"
	"iter"
	"slices"
	"strings"
	"time"
)

// A Rendered is a page as a browser showed it, with what axe-core says of it.
type Rendered struct {
	URL     string    `json:"url"`
	At      time.Time `json:"at"`
	Took    Millis    `json:"took_ms"`
	Engine  string    `json:"engine"`            // "axe-core 4.14.1"; results of two versions are never compared
	Problem string    `json:"problem,omitempty"` // why nothing can be said of it, for people

	Violations []Violation `json:"violations,omitempty"`
	Incomplete []Violation `json:"incomplete,omitempty"` // what a person must look at
	// Passed are the elements that pass, by rule, of the rules that were asked
	// for; nil: not told.
	Passed  map[string][]string `json:"passed"`
	Sizes   map[int]int         `json:"sizes,omitempty"`   // letters of running text by their size in whole pixels
	HTML    string              `json:"html,omitempty"`    // the document once scripts had run
	Picture []byte              `json:"picture,omitempty"` // JPEG of what a visitor sees first
}

// A Violation is one rule of axe-core that a page breaks.
type Violation struct {
	Rule   string          `json:"rule"`
	Impact string          `json:"impact"` // minor, moderate, serious, critical
	Help   string          `json:"help"`
	WCAG   []string        `json:"wcag,omitempty"`
	Nodes  []ViolationNode `json:"nodes"`
}

// A ViolationNode is one element.
type ViolationNode struct {
	Target string `json:"target"` // CSS selectors, parted by >>> where a frame is entered
	HTML   string `json:"html"`
}

// A BrowserFault is what a finding rests on that a browser's engine told.
type BrowserFault struct {
	Engine   string          `json:"engine"`
	Impact   string          `json:"impact,omitempty"`
	WCAG     []string        `json:"wcag,omitempty"` // none: good practice only, no norm asks for it
	Elements []ViolationNode `json:"elements"`       // the first of them; Finding.Value counts all
}

// Elements knows elements again that an engine names, on other pages too: those
// with the same key are one element of a template. What is in a frame, or is
// not found in the document, is known by its selector and its source.
func (s *Rendered) Elements() func(n *ViolationNode) uint64 {
	var p *pointing
	if doc, err := (&Page{Type: "text/html", Body: []byte(s.HTML)}).Doc(); err == nil && s.HTML != "" {
		p = newPointing(doc)
	}
	return func(n *ViolationNode) uint64 {
		if p != nil && !strings.Contains(n.Target, ">>>") {
			if e := p.find(n.Target); e != nil {
				return identify(e).key
			}
		}
		h := fnv.New64a()
		h.Write([]byte(n.Target + "\x00" + n.HTML))
		return h.Sum64()
	}
}

// A Renderer is a Source that can show pages in a browser. What it cannot show
// comes with a Problem; what it is not equipped for it leaves out.
type Renderer interface {
	Render(ctx context.Context, s *Site, urls []string) iter.Seq2[Event, error]
}

// Sampling makes a PerSite check choose pages that a browser should show.
func (c *Check) Sampling(sample func(p *Pass) []string) *Check {
	c.Sample = sample
	return c
}

// InBrowser says that the check has nothing to go by but what a browser showed.
func (c *Check) InBrowser() *Check {
	c.Deep = true
	return c
}

// show has a browser show the pages that checks sample, and the columns whose
// lists only a script fills.
func (r *loop) show(ctx context.Context) error {
	browser, ok := r.Source.(Renderer)
	if !ok || r.Partial != "" {
		return nil
	}
	var due []string
	add := func(u string) {
		if f := r.lookup(u); f != nil && r.shown[f.URL] == nil && !slices.Contains(due, f.URL) {
			due = append(due, f.URL)
		}
	}
	r.index()
	for i := range r.site.Columns {
		if f := r.lookup(r.site.Columns[i].URL); f != nil && f.List.Script != "" {
			add(f.URL)
		}
	}
	for i := range r.Rules.Checks {
		c := r.Rules.Checks[i].Check
		if c.Sample == nil {
			continue
		}
		p := r.sitePass(c)
		r.exec.run(ctx, func(context.Context, *Pass) error {
			for _, u := range c.Sample(p) {
				add(u)
			}
			return nil
		}, p)
	}
	if len(due) == 0 {
		return nil
	}
	for e, err := range browser.Render(ctx, r.site, due) {
		if err != nil {
			return err
		}
		if err := r.event(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// shownPage remembers what a browser showed. A list that a script fills is
// read from there: the script has run.
func (r *loop) shownPage(s *Rendered) {
	r.shown[s.URL] = s
	f := r.facts[s.URL]
	if f == nil || s.Problem != "" || s.HTML == "" || f.List.Script == "" {
		return
	}
	if g := r.read(r.shownAs(s)); g.Kind == ColumnPage || g.Kind == HomePage {
		// Where there is a script's list there is a Listing of its own.
		f.List, f.Extracted, f.Links, f.Chars, f.Scripts, f.Loads = g.List, g.Extracted, g.Links, g.Chars, 0, ""
	}
}

// shownAs is the page as a browser has it once scripts have run.
func (r *loop) shownAs(s *Rendered) *Page {
	f := r.facts[s.URL]
	return &Page{Target: Target{URL: f.URL, Status: f.Status, Verdict: Fine, Fetched: s.At, Digest: f.Digest}, Depth: f.Depth, Type: "text/html",
		Body: []byte(s.HTML), Now: r.now, Column: r.site.ColumnAt(f.URL), Home: SamePage(f.URL, r.site.Home), Ran: true}
}

// sampled counts the pages that checks chose for the browser and that it was
// asked for, and those of them that it could show.
func (r *loop) sampled() (chosen, shown int) {
	if len(r.shown) == 0 {
		return 0, 0
	}
	seen := map[string]bool{}
	for i := range r.Rules.Checks {
		c := r.Rules.Checks[i].Check
		if c.Sample == nil {
			continue
		}
		p := r.sitePass(c)
		r.exec.run(context.Background(), func(context.Context, *Pass) error {
			for _, u := range c.Sample(p) {
				f := r.lookup(u)
				if f == nil || seen[f.URL] {
					continue
				}
				seen[f.URL] = true
				s := r.shown[f.URL]
				if s == nil { // a stop came first
					continue
				}
				chosen++
				if s.Problem == "" {
					shown++
				}
			}
			return nil
		}, p)
	}
	return chosen, shown
}
