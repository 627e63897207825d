package config

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/xunjian/xunjian/inspect"
)

// LoadRules reads a rulebook, by its id or its file, and binds every check to
// the options of its rule page as the rulebook changes them. An item whose
// check is not among checks stays, without a check: it is not judged by
// machine. The error is [Errors] when a file has mistakes.
func LoadRules(idOrFile string, checks []*inspect.Check) (*inspect.Rulebook, error) {
	if err := inspect.Validate(checks); err != nil {
		return nil, err
	}
	checks = slices.Clone(checks)
	slices.SortFunc(checks, func(a, b *inspect.Check) int { return cmp.Compare(a.ID, b.ID) })
	b, err := readBook(idOrFile, "", 0)
	if err != nil {
		return nil, err
	}
	if err := b.known(checks); err != nil {
		return nil, err
	}
	rb := &inspect.Rulebook{ID: b.ID, Version: b.Version, Title: b.Title, Source: b.Source,
		Full: b.Full, PassAt: b.PassAt, BonusAbove: b.BonusAbove, Confirm: b.Confirm}
	var mistakes Errors
	var built []string
	var mu sync.Mutex
	for _, c := range checks {
		if !b.runs(c.ID) {
			continue // its items are left to a person
		}
		bound, retired, errs := b.bind(c, &mu)
		mistakes = append(mistakes, errs...)
		if !retired && len(errs) == 0 {
			rb.Checks = append(rb.Checks, bound)
			built = append(built, c.ID)
		}
	}
	for _, d := range b.files {
		mistakes = append(mistakes, d.errs...)
	}
	if err := mistakes.orNil(); err != nil {
		return nil, err
	}
	for i := range b.items {
		rb.Items = append(rb.Items, b.item(&b.items[i], built))
	}
	rb.Clauses = b.cited()
	rb.Digest = digest(b.sources, checks)
	return rb, nil
}

// runs reports whether a check is among those that the rulebook wants.
func (b *book) runs(id string) bool {
	return len(b.Only) == 0 || slices.ContainsFunc(b.Only, func(pattern string) bool {
		ok, err := path.Match(pattern, id)
		return err == nil && ok
	})
}

// known notes the checks that a local file names and nobody knows: none that
// is built, and none that the built-in rulebook waits for.
func (b *book) known(checks []*inspect.Check) error {
	d := b.files[len(b.files)-1]
	if builtIn(d.file) {
		return nil
	}
	all, err := readBook(Rulebooks()[0], "", 0)
	if err != nil {
		return err
	}
	ids := map[string]bool{}
	for _, c := range checks {
		ids[c.ID] = true
	}
	for _, e := range all.items {
		for _, id := range e.Check {
			ids[id] = true
		}
	}
	for i, x := range b.Items {
		id, _ := scalarText(entry(x.node, "id"))
		at := slices.IndexFunc(b.items, func(e itemEntry) bool { return e.ID == id })
		if at < 0 || entry(x.node, "check") == nil {
			continue
		}
		for _, c := range b.items[at].Check {
			if !ids[c] && !strings.HasSuffix(c, "*") {
				d.fault(fmt.Sprintf("items[%d].check", i), "没有检查 %q", c)
			}
		}
	}
	for i, e := range b.Clauses {
		if e.Check != "" && !ids[e.Check] {
			d.fault(fmt.Sprintf("clauses[%d].check", i), "没有检查 %q", e.Check)
		} else if e.Check != "" && !accessible(checks, e.Check) {
			d.fault(fmt.Sprintf("clauses[%d].check", i), "检查 %q 与无障碍无关", e.Check)
		}
	}
	for id := range b.Checks {
		if !ids[id] {
			d.fault("checks."+id, "没有检查 %q", id)
		}
	}
	return nil
}

// errMistaken tells a check that its options have mistakes, which are noted.
var errMistaken = errors.New("options have mistakes")

// bind gives a check its options: those of its rule page, then those of the
// rulebooks, base first.
func (b *book) bind(c *inspect.Check, mu *sync.Mutex) (bound inspect.Bound, retired bool, errs Errors) {
	front, _, err := ReadFront(c)
	if err != nil {
		if errors.As(err, &errs) {
			return bound, false, errs
		}
		return bound, false, Errors{{File: rulePage(c.ID), Line: 1, Column: 1, Message: err.Error()}}
	}
	if front.Retired != "" {
		return bound, true, nil
	}
	layers := b.options[c.ID]
	own := newDecoder(front.file)
	if front.with != nil {
		layers = append([]layer{{own, front.with, "with"}}, layers...)
	}
	decode := func(into any) error {
		mu.Lock() // inspections that run side by side ask for options too
		defer mu.Unlock()
		v := reflect.ValueOf(into)
		if v.Kind() != reflect.Pointer || v.IsNil() {
			return fmt.Errorf("decode into %T: not a pointer", into)
		}
		mistaken := false
		for _, l := range layers {
			before := len(l.d.errs)
			l.d.value(l.node, v.Elem(), l.path)
			mistaken = mistaken || len(l.d.errs) > before
		}
		if mistaken {
			return errMistaken
		}
		return nil
	}
	run, err := c.Bind(decode)
	switch {
	case errors.Is(err, errMistaken) || err == nil:
		return inspect.Bound{Check: c, Run: run, Options: decode}, false, own.errs
	case len(layers) > 0:
		l := layers[len(layers)-1]
		l.d.fail(l.node, l.path, "%v", err)
	default:
		own.fault("with", "%v", err)
	}
	return bound, false, own.errs
}

// item is the item with the checks that are built. A check id that ends in *
// stands for all of that beginning which no other item names.
func (b *book) item(e *itemEntry, built []string) inspect.Item {
	it := inspect.Item{ID: e.ID, Title: e.Title, Text: e.Text, Source: cmp.Or(e.Source, b.Source), Part: inspect.Part(e.Part),
		Group: e.Group, Kind: inspect.Kind(e.Kind), Classes: e.Classes, Exclude: e.Exclude, AtLeast: e.AtLeast,
		Points: e.Points, Cap: e.Cap, Window: e.Window, Sample: e.Sample, CatchAll: e.CatchAll, Mark: inspect.Mark(e.Mark),
		PointsMark: inspect.Mark(cmp.Or(e.PointsMark, string(inspect.FromMemory))), Person: e.Person, Portal: e.Portal, Review: e.Review}
	for _, id := range e.Check {
		prefix, wild := strings.CutSuffix(id, "*")
		for _, c := range built {
			if c == id || wild && strings.HasPrefix(c, prefix) && !b.named(c) {
				it.Checks = append(it.Checks, c)
			}
		}
	}
	return it
}

func (b *book) named(check string) bool {
	return slices.ContainsFunc(b.items, func(e itemEntry) bool { return slices.Contains(e.Check, check) })
}

// digest identifies the rules: the files of the rulebook and all rule pages.
func digest(sources [][]byte, checks []*inspect.Check) string {
	h := sha256.New()
	part := func(name string, data []byte) {
		fmt.Fprintf(h, "%s %d\n", name, len(data))
		h.Write(data)
	}
	for _, s := range sources {
		part("rulebook", s)
	}
	for _, c := range checks {
		part(c.ID, []byte(c.Rule))
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
