package lexicon

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

type occurrence struct{ Pattern, Start, End int }

// naive is what a Finder must find, the plain way.
func naive(patterns []string, text string) []occurrence {
	var out []occurrence
	for i, p := range patterns {
		for at := 0; p != "" && at+len(p) <= len(text); at++ {
			if text[at:at+len(p)] == p {
				out = append(out, occurrence{i, at, at + len(p)})
			}
		}
	}
	return out
}

func all(t testing.TB, patterns []string, text string) []occurrence {
	f, err := NewFinder(patterns)
	if err != nil {
		t.Fatal(err)
	}
	var out []occurrence
	f.Find(text, func(p, s, e int) { out = append(out, occurrence{p, s, e}) })
	return out
}

func sorted(o []occurrence) []occurrence {
	slices.SortFunc(o, func(a, b occurrence) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Pattern, b.Pattern))
	})
	return o
}

func TestFinder(t *testing.T) {
	patterns := []string{"人民政府", "人民", "民政", "政府", "府", "人民政府办公室", "人民", "lorem ipsum", "${", "𠮷野家屋", ""}
	for _, text := range []string{"", "人", "人民", "县人民政府办公室文件", "人民政", "x lorem ipsum ${a} 府", "\xe4人民政府\xe4\xb8", "在𠮷野家屋里", "人民人民人民"} {
		if d := gocmp.Diff(sorted(naive(patterns, text)), sorted(all(t, patterns, text))); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
}

// TestFinderAtRandom holds the finder against the plain search on text made so
// that many patterns overlap and many nearly match.
func TestFinderAtRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	letters := []rune("政府人民办公室通知的一是ab ")
	word := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteRune(letters[r.IntN(len(letters))])
		}
		return b.String()
	}
	for range 300 {
		var patterns []string
		for range 1 + r.IntN(40) {
			patterns = append(patterns, word(1+r.IntN(6)))
		}
		text := word(r.IntN(300))
		if d := gocmp.Diff(sorted(naive(patterns, text)), sorted(all(t, patterns, text))); d != "" {
			t.Fatalf("%q in %q: %s", patterns, text, d)
		}
	}
}

func FuzzFinder(f *testing.F) {
	f.Add("人民政府\n政府\nab", "县人民政府ab")
	f.Add("共和国\n和国", "\xe5共和国\xff和国")
	f.Fuzz(func(t *testing.T, list, text string) {
		if len(list) > 400 || len(text) > 4000 {
			return
		}
		patterns := strings.Split(strings.ToValidUTF8(list, ""), "\n")
		if d := gocmp.Diff(sorted(naive(patterns, text)), sorted(all(t, patterns, text))); d != "" {
			t.Fatalf("%q in %q: %s", patterns, text, d)
		}
	})
}

// han is a letter of a skewed distribution, as in real text.
func han(r *rand.Rand) rune { return rune(0x4E00 + int(min(r.ExpFloat64()*400, 3499))*5) }

// manyPatterns are patterns of three to six Han letters.
func manyPatterns(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[string]bool{}
	out := make([]string, 0, n)
	for len(out) < n {
		var b strings.Builder
		for range 3 + r.IntN(4) {
			b.WriteRune(han(r))
		}
		if p := b.String(); !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}

// manyLetters is text in which every four-hundredth place holds a pattern.
func manyLetters(n int, patterns []string) string {
	r := rand.New(rand.NewPCG(3, 4))
	var b strings.Builder
	for b.Len() < n {
		if r.IntN(400) == 0 {
			b.WriteString(patterns[r.IntN(len(patterns))])
		} else {
			b.WriteRune(han(r))
		}
	}
	return b.String()
}

// BenchmarkFinder scans 8 MB of Chinese letters for 20,000 patterns.
func BenchmarkFinder(b *testing.B) {
	patterns := manyPatterns(20000)
	text := manyLetters(8<<20, patterns)
	f, err := NewFinder(patterns)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		f.Find(text, func(int, int, int) { n++ })
		b.ReportMetric(float64(n), "hits")
	}
}
