package pairing

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

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

// What is told of pairs is what holding every interpretation against every
// document tells.
func TestNear(t *testing.T) {
	seen := map[Strength]int{}
	for seed := range uint64(300) {
		b := Read(book(rand.New(rand.NewPCG(seed, 1)), 40))
		all := *b
		all.crowd = true
		if b.crowd {
			t.Fatal("a small site is no crowd")
		}
		for _, f := range b.Policies {
			got, want := b.Of(f), all.Of(f)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%d, %s: %d pairs, want %d", seed, f.Title, len(got), len(want))
			}
			for _, p := range got {
				seen[p.Strength]++
			}
		}
	}
	for _, s := range []Strength{Linked, Likely, Sure} {
		if seen[s] < 100 {
			t.Errorf("strength %d: only %d pairs", s, seen[s])
		}
	}
}

// A site on which all names all is held against itself as a whole, and not
// kept in memory.
func TestCrowd(t *testing.T) {
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
	if got := b.Of(b.Policies[0]); !b.crowd || len(got) != len(b.Interpretations) || got[0].Strength != Sure {
		t.Errorf("crowd %v, %d pairs of %d", b.crowd, len(got), len(b.Interpretations))
	}
}

func BenchmarkRead(b *testing.B) {
	p := book(rand.New(rand.NewPCG(1, 1)), 4000)
	for b.Loop() {
		x := Read(p)
		for _, f := range x.Policies {
			x.Of(f)
		}
	}
}
