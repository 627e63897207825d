package inspect

import (
	"cmp"
	"context"
	"encoding/binary"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Comparison is what the source of pages and a browser said of the same
// rule, element by element, over the pages that both saw. The browser's word
// stands; the rest measures the rule.
type Comparison struct {
	Check   string `json:"check"`
	Rules   string `json:"rules"`   // of the browser's engine that say the same, with blanks between
	Both    int    `json:"both"`    // faults in the source that the browser sees too
	Refuted int    `json:"refuted"` // faults in the source that the browser passes
	Unsaid  int    `json:"unsaid"`  // faults in the source of which the browser says nothing: hidden by then, changed, for a person, or not to be told from others
	Missed  int    `json:"missed"`  // faults in the browser of which the rule says nothing in the same document
	Script  int    `json:"script"`  // faults in the browser that the rule sees too, once scripts have run
	Left    int    `json:"left"`    // faults in the browser that the rule leaves to a person in the same document
}

// Mirrored are the browser's rules that say the same as a check, from its rule
// page; nil: none does.
func (c *Check) Mirrored() []string {
	front, _, _ := strings.Cut(strings.TrimPrefix(c.Rule, "---\n"), "\n---")
	for line := range strings.Lines(front) {
		if v, ok := strings.CutPrefix(line, "axe:"); ok {
			return strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune("[], \"'\n", r) })
		}
	}
	return nil
}

// Mirrored are the browser's rules of all checks.
func (rb *Rulebook) Mirrored() (out []string) {
	for _, b := range rb.Checks {
		out = append(out, b.Check.Mirrored()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// An accusation is a fault in a page's source at one element.
type accusation struct {
	element identity
	among   *twins // in the source; nil: not known
	told    *entry
}

// maxAccused is how many elements of a page are remembered for one check, and
// maxTargets how many a browser may name for one rule: a page with more has
// said enough of the rule.
const maxAccused, maxTargets = 500, 1000

// accuse remembers at which elements of a page a check found faults.
func (r *loop) accuse(p *Page, f *Finding, told *entry, nodes []*html.Node) {
	if f.Outcome != "" && f.Outcome != Fail || r.mirrored[f.Check] == nil {
		return
	}
	if r.crowds.page != p {
		r.crowds = sourceCrowds{page: p, of: map[atom.Atom]crowd{}, accused: map[string]int{}}
	}
	for _, n := range nodes {
		if r.crowds.accused[f.Check]++; r.crowds.accused[f.Check] > maxAccused {
			return
		}
		id := identify(n)
		r.accused[p.URL] = append(r.accused[p.URL], accusation{id, r.crowds.around(n)[id.key], told})
	}
}

// sourceCrowds are the elements of the page in flight, by name, as far as one
// of the name was accused.
type sourceCrowds struct {
	page    *Page
	of      map[atom.Atom]crowd
	accused map[string]int // by check
}

func (s *sourceCrowds) around(n *html.Node) crowd {
	if n.DataAtom == 0 {
		return nil
	}
	c, ok := s.of[n.DataAtom]
	if !ok {
		c = crowd{}
		for _, x := range s.page.Elements(n.DataAtom) {
			c.add(identify(x))
		}
		s.of[n.DataAtom] = c
	}
	return c
}

// judged is one page as a browser has it.
type judged struct {
	shown    *Rendered
	page     *Page
	pointing *pointing
	targets  map[string]*html.Node
	crowd    crowd // all elements
	ids      map[*html.Node]identity
	mixed    map[uint64]bool // keys of elements that differ in what names them, in the source or here
}

func newJudged(s *Rendered, p *Page, doc *html.Node, accused []accusation) *judged {
	j := &judged{s, p, newPointing(doc), map[string]*html.Node{}, crowd{}, map[*html.Node]identity{}, map[uint64]bool{}}
	for _, n := range j.pointing.byName["*"] {
		id := identify(n)
		j.ids[n] = id
		j.crowd.add(id)
	}
	for k, t := range j.crowd {
		if t.mixed {
			j.mixed[k] = true
		}
	}
	for _, a := range accused {
		if a.among == nil || a.among.mixed {
			j.mixed[a.element.key] = true
		}
	}
	return j
}

// key tells elements apart by what names them too where they would be taken
// for each other.
func (j *judged) key(id identity) uint64 {
	if !j.mixed[id.key] {
		return id.key
	}
	h := fnv.New64a()
	h.Write(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, id.key), id.names))
	return h.Sum64()
}

// named are the elements that the browser names under rules, each once, as
// far as they stand in the page's own frame.
func (j *judged) named(ctx context.Context, rules []string, of func(rule string) []string) map[uint64][]*html.Node {
	out, seen := map[uint64][]*html.Node{}, map[*html.Node]bool{}
	for _, rule := range rules {
		ts := of(rule)
		for _, t := range ts[:min(len(ts), maxTargets)] {
			n, ok := j.targets[t]
			if !ok {
				if ctx.Err() != nil {
					return nil
				}
				if !strings.Contains(t, ">>>") {
					n = j.pointing.find(t)
				}
				j.targets[t] = n
			}
			if n != nil && !seen[n] {
				seen[n] = true
				k := j.key(j.ids[n])
				out[k] = append(out[k], n)
			}
		}
	}
	return out
}

// clears reports whether the browser passes every element that an accused one
// may be: a fault is never overruled by its twin.
func (j *judged) clears(a *accusation, passed map[uint64][]*html.Node) bool {
	k := a.element.key
	if j.mixed[k] {
		return false
	}
	here := j.crowd[k]
	return here != nil && here.n >= a.among.n && len(passed[k]) == here.n
}

// compare holds the faults in the source of the pages that a browser showed
// against what it says of them. It comes before the findings are sorted. An
// inspection that is not complete is not compared: its resumption is.
func (r *loop) compare(ctx context.Context) error {
	by := map[string]*Comparison{}
	for _, u := range slices.Sorted(maps.Keys(r.shown)) {
		s := r.shown[u]
		if f := r.facts[u]; f == nil || f.Verdict != Fine && f.Verdict != Information || s.Problem != "" || s.HTML == "" || s.Passed == nil {
			continue
		}
		p := r.shownAs(s)
		if doc, err := p.Doc(); err == nil {
			r.comparePage(ctx, newJudged(s, p, doc, r.accused[u]), by)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	for _, c := range by {
		if c.Both+c.Refuted+c.Unsaid+c.Missed+c.Script+c.Left > 0 {
			r.out.Compared = append(r.out.Compared, *c)
		}
	}
	slices.SortFunc(r.out.Compared, func(a, b Comparison) int { return cmp.Compare(a.Check, b.Check) })
	return nil
}

func (r *loop) comparePage(ctx context.Context, j *judged, by map[string]*Comparison) {
	for i := range r.Rules.Checks {
		b := &r.Rules.Checks[i]
		rules := r.mirrored[b.Check.ID]
		if rules == nil {
			continue
		}
		c := by[b.Check.ID]
		if c == nil {
			c = &Comparison{Check: b.Check.ID, Rules: strings.Join(rules, " ")}
			by[b.Check.ID] = c
		}
		faults := j.named(ctx, rules, j.shown.faultsOf)
		var left []*accusation
		for i := range r.accused[j.shown.URL] {
			a := &r.accused[j.shown.URL][i]
			k := j.key(a.element)
			switch {
			case a.told.Check != b.Check.ID:
			case len(faults[k]) > 0:
				faults[k] = faults[k][1:]
				c.Both++
				a.told.upheld++
			default:
				left = append(left, a)
			}
		}
		if len(left) > 0 {
			passed := j.named(ctx, rules, j.shown.passesOf)
			for _, a := range left {
				if j.clears(a, passed) {
					c.Refuted++
					a.told.refuted++
				} else {
					c.Unsaid++
				}
			}
		}
		r.compareMissed(ctx, b, j.page, faults, c)
	}
}

// compareMissed parts what only the browser found: the rule is asked again
// over the document as the browser has it.
func (r *loop) compareMissed(ctx context.Context, b *Bound, p *Page, faults map[uint64][]*html.Node, c *Comparison) {
	rest := map[*html.Node]bool{}
	for _, ns := range faults {
		for _, n := range ns {
			rest[n] = true
		}
	}
	if len(rest) == 0 {
		return
	}
	res := r.exec.run(ctx, b.Run, &Pass{Site: r.site, Now: r.now, Page: p})
	count := func(into *int, outcomes ...Outcome) {
		for i := range res.findings {
			for _, n := range res.findings[i].Nodes {
				if rest[n] && slices.Contains(outcomes, res.findings[i].Outcome) {
					delete(rest, n)
					*into++
				}
			}
		}
	}
	count(&c.Script, "", Fail)
	count(&c.Left, Review)
	c.Missed += len(rest)
}

func (s *Rendered) faultsOf(rule string) (out []string) {
	for i := range s.Violations {
		if v := &s.Violations[i]; v.Rule == rule {
			for _, n := range v.Nodes {
				out = append(out, n.Target)
			}
		}
	}
	return out
}

func (s *Rendered) passesOf(rule string) []string { return s.Passed[rule] }

// overrule leaves to a person what the source was accused of and the browser
// passes wherever it looked.
func (r *loop) overrule() {
	for _, e := range r.ledger.byKey {
		if e.refuted > 0 && e.upheld == 0 {
			e.Outcome = Review
			e.Message += "（浏览器抽样时同一元素合格，以浏览器为准，请人工确认）"
		}
	}
}
