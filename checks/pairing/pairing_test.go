package pairing

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xunjian/xunjian/inspect"
)

// book makes a site of titles that have much in common, of which some name and
// link each other.
func book(r *rand.Rand, n int) *inspect.Pass {
	words := []string{"尧都区人民政府", "办公室", "关于印发", "关于", "尧都区", "养老服务", "义务教育", "招生", "实施方案", "管理办法", "的通知", "（试行）", "2026年", "高标准农田建设", "通知"}
	title := func() string {
		var s strings.Builder
		for range 2 + r.IntN(6) {
			s.WriteString(words[r.IntN(len(words))])
		}
		return s.String()
	}
	var pages []*inspect.Facts
	for i := range n {
		f := &inspect.Facts{URL: fmt.Sprintf("http://a.gov.test/%03d.html", i), Content: inspect.Content{Kind: inspect.PolicyPage, Title: title(), Listing: &inspect.Listing{}}}
		f.Landed = f.URL
		if r.IntN(9) == 0 {
			f.Landed = "http://a.gov.test/landed/index.html"
		}
		if r.IntN(5) == 0 {
			f.DocNumber = fmt.Sprintf("尧政发〔2026〕%d号", r.IntN(5))
		}
		if r.IntN(2) == 0 {
			f.Kind, f.Title = inspect.InterpretationPage, "《"+f.Title+"》解读"
			for range r.IntN(3) {
				f.Titles = append(f.Titles, title())
			}
		}
		for _, p := range pages {
			if r.IntN(4) == 0 {
				f.Titles = append(f.Titles, p.Title)
			}
		}
		f.Titles = f.Titles[:min(len(f.Titles), 3)]
		for range r.IntN(3) {
			f.Links = append(f.Links, fmt.Sprintf("https://a.gov.test/%03d.html", r.IntN(n)), "http://a.gov.test/landed/")
		}
		pages = append(pages, f)
	}
	return &inspect.Pass{Site: &inspect.Site{}, Pages: slices.Values(pages)}
}

// plainly are the pairs of a document by holding every interpretation against it.
func plainly(b *Book, policy *inspect.Facts) (out []Pair) {
	links := func(f *inspect.Facts, to ...string) bool {
		return slices.ContainsFunc(f.Links, func(u string) bool { return slices.Contains(to, key(u)) })
	}
	at := map[string]*inspect.Facts{} // of two at one address the last is meant
	for _, x := range b.Interpretations {
		at[key(x.URL)], at[key(x.Landed)] = x, x
	}
	for _, x := range b.Interpretations {
		p := Pair{Policy: policy, Interpretation: x, Back: links(x, key(policy.URL), key(policy.Landed))}
		for k, f := range at {
			p.Forth = p.Forth || f == x && links(policy, k)
		}
		if p.Strength = b.strength(p, namesOf(policy)); p.Strength != None {
			out = append(out, p)
		}
	}
	return out
}

// same: pages are the same when they are one.
var same = cmp.Comparer(func(a, b *inspect.Facts) bool { return a == b })

// What is told of pairs is what holding every interpretation against every
// document tells.
func TestPairs(t *testing.T) {
	t.Parallel()
	seen := map[Pair]int{}
	for seed := range uint64(300) {
		b := Read(book(rand.New(rand.NewPCG(seed, 1)), 40))
		for _, f := range b.Policies {
			got := b.Of(f)
			if diff := cmp.Diff(plainly(b, f), got, same); diff != "" {
				t.Fatalf("%d, %s (-want +got):\n%s", seed, f.Title, diff)
			}
			for _, p := range got {
				seen[Pair{Strength: p.Strength, Forth: p.Forth, Back: p.Back}]++
			}
		}
		if b.crowd {
			t.Fatal("a small site is no crowd")
		}
	}
	for _, s := range []Pair{{Strength: Linked, Forth: true}, {Strength: Linked, Back: true}, {Strength: Likely}, {Strength: Sure}, {Strength: Sure, Forth: true}, {Strength: Sure, Back: true}} {
		if seen[s] < 20 {
			t.Errorf("%+v: only %d such pairs", s, seen[s])
		}
	}
}

// A site on which all names all is held against itself as a whole, and no
// index of it is kept.
func TestCrowd(t *testing.T) {
	t.Parallel()
	var pages []*inspect.Facts
	for i := range 2200 {
		f := &inspect.Facts{URL: fmt.Sprintf("http://a.gov.test/%d", i), Content: inspect.Content{Kind: inspect.PolicyPage, Title: "关于印发养老服务管理办法的通知", Listing: &inspect.Listing{}}}
		f.Landed = f.URL
		if i%2 == 0 {
			f.Kind, f.Titles = inspect.InterpretationPage, []string{f.Title}
		}
		pages = append(pages, f)
	}
	b := Read(&inspect.Pass{Site: &inspect.Site{}, Pages: slices.Values(pages)})
	if got := b.Of(b.Policies[0]); !b.crowd || b.joined != nil || len(got) != len(b.Interpretations) || got[0].Strength != Sure {
		t.Errorf("crowd %v, %d are kept, %d pairs of %d", b.crowd, len(b.joined), len(got), len(b.Interpretations))
	}
}

// Pages of one script are documents of their own: the query says which, in
// whatever order. That of a file says nothing.
func TestScripted(t *testing.T) {
	t.Parallel()
	page := func(k inspect.PageKind, u, title string, links ...string) *inspect.Facts {
		return &inspect.Facts{URL: "http://a.gov.test" + u, Landed: "http://a.gov.test" + u, Content: inspect.Content{Kind: k, Title: title, Listing: &inspect.Listing{Links: links}}}
	}
	for _, c := range []struct{ one, two, link string }{
		{"/index.php?m=content&a=show&id=1", "/index.php?m=content&a=show&id=2", "http://a.gov.test/index.php?m=content&a=show&id=1"},
		{"/index.php?m=content&a=show&id=1", "/index.php?m=content&a=show&id=2", "https://a.gov.test/index.php?id=1&a=show&m=content"},
		{"/wj/1/", "/wj/2/", "http://a.gov.test/wj/1/index.html?from=list"},
		{"/wj/1/index.jsp", "/wj/2/index.jsp", "http://a.gov.test/wj/1/"},
	} {
		pages := []*inspect.Facts{
			page(inspect.PolicyPage, c.one, "尧都区养老服务管理办法"),
			page(inspect.PolicyPage, c.two, "尧都区高标准农田建设实施方案"),
			page(inspect.InterpretationPage, "/zcjd/1.html", "一图读懂", c.link),
		}
		b := Read(&inspect.Pass{Site: &inspect.Site{}, Pages: slices.Values(pages)})
		if one, two := b.Of(pages[0]), b.Of(pages[1]); len(one) != 1 || !one[0].Back || len(two) != 0 {
			t.Errorf("%s: %s has %v, the other %v", c.link, c.one, one, two)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	p := book(rand.New(rand.NewPCG(1, 1)), 4000)
	b.ReportAllocs()
	for b.Loop() {
		x := Read(p)
		for _, f := range x.Policies {
			x.Of(f)
		}
	}
}
