package inspect

import (
	"cmp"
	"context"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// A Comparison is what the source of pages and a browser said of the same
// rule, element by element, over the pages that both saw. The browser's word
// stands; the rest measures the rule.
type Comparison struct {
	Check   string `json:"check"`
	Rules   string `json:"rules"`   // of the browser's engine that say the same, with blanks between
	Both    int    `json:"both"`    // faults in the source that the browser sees too
	Refuted int    `json:"refuted"` // faults in the source that the browser passes
	Unsaid  int    `json:"unsaid"`  // faults in the source of which the browser says nothing: hidden by then, changed, or for a person
	Missed  int    `json:"missed"`  // faults in the browser that the rule does not see in the same document
	Script  int    `json:"script"`  // faults in the browser that the rule sees too, once scripts have run
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
	element uint64
	told    *entry
}

// accuse remembers at which elements of a page a check found faults.
func (r *loop) accuse(url string, f *Finding, told *entry, nodes []*html.Node) {
	if f.Outcome != "" && f.Outcome != Fail || r.mirrored[f.Check] == nil {
		return
	}
	for _, n := range nodes {
		r.accused[url] = append(r.accused[url], accusation{elementKey(n), told})
	}
}

// elementKey knows an element again in another tree of the same page: by its
// name, by what scripts seldom change of it and of its parent, and by the
// letters in it.
func elementKey(n *html.Node) uint64 {
	h := fnv.New64a()
	write := func(s string) { h.Write([]byte(s)); h.Write([]byte{0}) }
	for x, i := n, 0; x != nil && x.Type == html.ElementNode && i < 2; x, i = x.Parent, i+1 {
		write(x.Data)
		if x.Data == "html" { // scripts write all over the root
			break
		}
		for _, k := range []string{"id", "name", "type", "href", "src", "role"} {
			write(Attr(x, k))
		}
	}
	if n.Data != "html" {
		text := []rune(strings.Join(strings.Fields(TextOf(n)), " "))
		write(string(text[:min(len(text), 60)]))
		for c := range n.Descendants() { // what links and buttons hold
			if c.Data == "img" {
				write(Attr(c, "src"))
			}
		}
	}
	return h.Sum64()
}

// judged is what a browser said of elements, by rule.
type judged struct {
	doc   *goquery.Document
	cache map[string]uint64
}

// key is the element of a target, if it stands in the page's own frame.
func (j *judged) key(target string) (uint64, bool) {
	if strings.Contains(target, ">>>") {
		return 0, false
	}
	if k, ok := j.cache[target]; ok {
		return k, k != 0
	}
	var k uint64
	if s := j.doc.Find(target); s.Length() == 1 {
		k = elementKey(s.Nodes[0])
	}
	j.cache[target] = k
	return k, k != 0
}

// compare holds the faults in the source of the pages that a browser showed
// against what it says of them. It comes before the findings are sorted.
func (r *loop) compare(ctx context.Context) {
	by := map[string]*Comparison{}
	for _, u := range slices.Sorted(maps.Keys(r.shown)) {
		s := r.shown[u]
		if f := r.facts[u]; f == nil || f.Verdict != Fine && f.Verdict != Information || s.Problem != "" || s.HTML == "" || s.Passed == nil {
			continue
		}
		p := r.shownAs(s)
		if doc, err := p.Doc(); err == nil {
			r.comparePage(ctx, s, p, &judged{goquery.NewDocumentFromNode(doc), map[string]uint64{}}, by)
		}
	}
	for _, c := range by {
		if c.Both+c.Refuted+c.Unsaid+c.Missed+c.Script > 0 {
			r.out.Compared = append(r.out.Compared, *c)
		}
	}
	slices.SortFunc(r.out.Compared, func(a, b Comparison) int { return cmp.Compare(a.Check, b.Check) })
}

func (r *loop) comparePage(ctx context.Context, s *Rendered, p *Page, j *judged, by map[string]*Comparison) {
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
		faults := tally(j, rules, s.faultsOf)
		var left []accusation
		for _, a := range r.accused[s.URL] {
			switch {
			case a.told.Check != b.Check.ID:
			case faults[a.element] > 0:
				faults[a.element]--
				c.Both++
				a.told.upheld++
			default:
				left = append(left, a)
			}
		}
		if len(left) > 0 {
			passed := tally(j, rules, s.passesOf)
			for _, a := range left {
				if passed[a.element] > 0 {
					passed[a.element]--
					c.Refuted++
					a.told.refuted++
				} else {
					c.Unsaid++
				}
			}
		}
		if len(faults) > 0 {
			r.compareMissed(ctx, b, p, faults, c)
		}
	}
}

// compareMissed parts what only the browser found: the rule is asked again
// over the document as the browser has it.
func (r *loop) compareMissed(ctx context.Context, b *Bound, p *Page, faults map[uint64]int, c *Comparison) {
	res := r.exec.run(ctx, b.Run, &Pass{Site: r.site, Now: r.now, Page: p})
	for i := range res.findings {
		if f := &res.findings[i]; f.Outcome == "" || f.Outcome == Fail {
			for _, n := range f.Nodes {
				if k := elementKey(n); faults[k] > 0 {
					faults[k]--
					c.Script++
				}
			}
		}
	}
	for _, n := range faults {
		c.Missed += n
	}
}

// tally counts the elements that a browser names under rules.
func tally(j *judged, rules []string, of func(rule string) []string) map[uint64]int {
	out := map[uint64]int{}
	seen := map[string]bool{} // an element that two rules name is one
	for _, rule := range rules {
		for _, t := range of(rule) {
			if k, ok := j.key(t); ok && !seen[t] {
				seen[t] = true
				out[k]++
			}
		}
	}
	return out
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
