package inspect

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"
)

// A Reading is all that an inspection keeps of a page once it was looked at:
// what the next inspection uses instead of parsing the same bytes again. It
// holds only while Key is the same, since that names what it was made by, and
// on the days on which nothing in it would come out otherwise.
type Reading struct {
	Key    string
	URL    string
	Digest string // of the body as received
	Body   string // of an attachment: digest of its text as it is kept, which the recorder fills in
	From   int64  // the first day on which it holds, days since 1970 in Zone
	Until  int64  // the day from which it no longer does; 0: there is none

	ETag, LastModified         string // to ask only if changed
	Type, Charset, CharsetFrom string
	Depth                      int
	Print                      uint64 // of the crawler, to know error pages by

	Links    []Link // each kind of each address once, without elements
	Due      int
	Facts    string   // JSON
	Findings []Record // told by page checks
	Gathered []Record // kept by site checks
}

// A Record is what one check told or kept of a page, as JSON.
type Record struct{ Check, JSON string }

// ReadingKey names what readings are made by: the program, the rulebook with
// all its options, and what the register says of the site. What earlier
// inspections left is no part of it: only checks at the end may use that.
func ReadingKey(program string, rules *Rulebook, site *Site) (string, error) {
	s := *site
	s.Known, s.Past, s.Visits = nil, nil, nil
	b, err := json.Marshal(&s)
	if err != nil {
		return "", fmt.Errorf("key of readings: %w", err)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00", program, rules.ID, rules.Digest)
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil)), nil
}

// HoldsOn reports whether the reading would come out the same on a day.
func (r *Reading) HoldsOn(now time.Time) bool {
	d := dayNumber(now)
	return d >= r.From && (r.Until == 0 || d < r.Until)
}

// dayNumber counts the days since 1970 in the rules' zone.
func dayNumber(t time.Time) int64 { return Day(t).Unix()/86400 + 1 }

// Hinge says that something on the page is judged otherwise from a day on: on
// the day itself and after it, than before.
func (p *Page) Hinge(day time.Time) {
	p.hingeMu.Lock()
	defer p.hingeMu.Unlock()
	if n := dayNumber(day); !slices.Contains(p.hinges, n) {
		p.hinges = append(p.hinges, n)
	}
}

// Passing says that what is made of the page depends on the day of the
// inspection in ways that no hinge tells: it is read anew each time.
func (p *Page) Passing() {
	p.hingeMu.Lock()
	defer p.hingeMu.Unlock()
	p.passing = true
}

// span are the days on which what was made of the page holds.
func (p *Page) span() (from, until int64, ok bool) {
	p.hingeMu.Lock()
	defer p.hingeMu.Unlock()
	now := dayNumber(p.Now)
	for _, h := range p.hinges {
		switch {
		case h <= now:
			from = max(from, h)
		case until == 0 || h < until:
			until = h
		}
	}
	return from, until, !p.passing
}

// Timeless says that what the check says or keeps of a page depends on the
// page, its options and the register alone, and on the day of the inspection
// only as far as it names hinges. What an earlier inspection made of the same
// bytes is then used again. The suite of checks tries it on other days.
func (c *Check) Timeless() *Check {
	c.timeless = true
	return c
}

// readings reports whether every check of the rulebook can do with readings.
func (rb *Rulebook) readings() bool {
	for i := range rb.Checks {
		c := rb.Checks[i].Check
		if (c.Scope == PerPage || c.Gather != nil) && !c.timeless {
			return false
		}
	}
	return true
}

// encodable reports whether JSON writes all of a type: nothing unexported,
// nothing that is code, nothing whose type only a value tells.
func encodable(t reflect.Type) bool {
	if t == reflect.TypeFor[time.Time]() {
		return true
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return encodable(t.Elem())
	case reflect.Map:
		return t.Key().Kind() == reflect.String && encodable(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); !f.IsExported() || f.Tag.Get("json") == "-" || !encodable(f.Type) {
				return false
			}
		}
		return true
	case reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer, reflect.Complex64, reflect.Complex128, reflect.Uintptr:
		return false
	}
	return true
}

// encodeKept is what Gather kept, as JSON; false if it cannot be written.
func (c *Check) encodeKept(v any) (string, bool) {
	if c.kept == nil || reflect.TypeOf(v) != c.kept {
		return "", false
	}
	b, err := json.Marshal(v)
	return string(b), err == nil
}

// decodeKept is the reverse of encodeKept.
func (c *Check) decodeKept(s string) (any, error) {
	if c.kept == nil {
		return nil, fmt.Errorf("check %s keeps nothing that can be read", c.ID)
	}
	v := reflect.New(c.kept)
	if err := json.Unmarshal([]byte(s), v.Interface()); err != nil {
		return nil, err
	}
	return v.Elem().Interface(), nil
}

// A told is what a page check may say in a finding.
type told struct {
	Outcome   Outcome `json:"o,omitempty"`
	Locus     string  `json:"l,omitempty"`
	Class     string  `json:"c,omitempty"`
	Message   string  `json:"m,omitempty"`
	Value     float64 `json:"v,omitempty"`
	Unit      string  `json:"u,omitempty"`
	Template  bool    `json:"t,omitempty"`
	Tentative bool    `json:"s,omitempty"`
}

// tell is the told of a finding; false if that would lose something.
func tell(f *Finding) (told, bool) {
	t := told{f.Outcome, f.Locus, f.Class, f.Message, f.Value, f.Unit, f.Template, f.Tentative}
	g := t.finding()
	g.Nodes = f.Nodes // only a browser's word asks for them, and then pages are read
	return t, reflect.DeepEqual(g, *f)
}

func (t *told) finding() Finding {
	return Finding{Outcome: t.Outcome, Locus: t.Locus, Class: t.Class, Message: t.Message, Value: t.Value, Unit: t.Unit, Template: t.Template, Tentative: t.Tentative}
}
