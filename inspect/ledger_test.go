package inspect

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// Of too many findings of a check the same ones stay, in whatever order they
// were found; other checks lose none, and it is said that there were more.
func TestLedgerIsBounded(t *testing.T) {
	run := func() map[string]bool {
		l := newLedger("s")
		l.most = 100
		for _, i := range rand.Perm(1000) {
			l.add(Finding{Check: "many", URL: "http://a/", Locus: fmt.Sprint(i)})
		}
		for i := range 150 {
			l.add(Finding{Check: "some", URL: "http://a/", Locus: fmt.Sprint(i % 90)})
		}
		l.settle("http://a/")
		out := map[string]bool{}
		many, some, said := 0, 0, 0
		for _, f := range l.sorted() {
			switch {
			case f.Locus == "…":
				said++
			case f.Check == "many":
				many++
				out[f.Fingerprint] = true
			default:
				some++
			}
		}
		if many != 100 || some != 90 || said != 1 {
			t.Errorf("%d, %d, %d findings; want 100, 90 and one that says that there were more", many, some, said)
		}
		return out
	}
	a, b := run(), run()
	for k := range a {
		if !b[k] {
			t.Fatal("another order keeps other findings")
		}
	}
}

// What could not be told never pushes out what is wrong.
func TestLedgerKeepsFaults(t *testing.T) {
	l := newLedger("s")
	l.most = 100
	for _, i := range rand.Perm(1000) {
		f := Finding{Check: "many", Outcome: Unknown, URL: "http://a/", Locus: fmt.Sprint(i)}
		switch {
		case i < 60:
			f.Outcome = Fail
		case i < 90:
			f.Outcome = Review
		}
		l.add(f)
	}
	l.settle("http://a/")
	n := map[Outcome]int{}
	for _, f := range l.sorted() {
		n[f.Outcome]++
	}
	if n[Fail] != 60 || n[Review] != 30 || n[Unknown] != 11 {
		t.Errorf("%v; want 60 faults, 30 to be looked at, 10 that could not be told and the word that there were more", n)
	}
}
