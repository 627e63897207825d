package lexicon

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/xunjian/xunjian/inspect"

	garbled "github.com/xunjian/xunjian/checks/garbledtext/pack"
	illegal "github.com/xunjian/xunjian/checks/illegalcontent/pack"
	misstatement "github.com/xunjian/xunjian/checks/misstatement/pack"
	secrecy "github.com/xunjian/xunjian/checks/secrecymark/pack"
	typo "github.com/xunjian/xunjian/checks/typo/pack"
)

// embedded are the packs that the program brings along, by check.
var embedded = []struct {
	check string
	files embed.FS
}{
	{"garbled-text", garbled.Files},
	{"illegal-content", illegal.Files},
	{"misstatement", misstatement.Files},
	{"secrecy-mark", secrecy.Files},
	{"typo", typo.Files},
}

// A Pack is a dated list of wordings.
type Pack struct {
	ID      string   `yaml:"id"`
	Version string   `yaml:"version"`
	AsOf    string   `yaml:"as_of"`  // yyyy-mm-dd: the day of which its facts are
	Unless  []string `yaml:"unless"` // contexts that excuse every entry
	Entries []Entry  `yaml:"entries"`
	Fine    []string `yaml:"fine"` // longer wordings in which a wrong one stands rightly
}

// An Entry is one wrong wording.
type Entry struct {
	Wrong  string   `yaml:"wrong"`
	Right  string   `yaml:"right"`  // "" when there is no one right wording
	Kind   string   `yaml:"kind"`   // a closed word of the check
	Unless []string `yaml:"unless"` // contexts that excuse it, besides the pack's
	From   string   `yaml:"from"`   // right from this day on, yyyy-mm-dd
	Until  string   `yaml:"until"`  // right until the day before this one

	pack        *Pack
	from, until time.Time
}

// Source is the pack of the entry, as findings name it.
func (e *Entry) Source() string { return e.pack.ID + " " + e.pack.Version }

// contexts are the words for unless.
var contexts = []string{"quoted", "corrected", "historical", "name", "opposed", "studied"}

// parse reads a pack strictly.
func parse(data []byte) (*Pack, error) {
	p := new(Pack)
	if err := yaml.UnmarshalWithOptions(data, p, yaml.Strict()); err != nil {
		return nil, err
	}
	return p, p.prepare()
}

// prepare holds a pack against the rules and reads its days.
func (p *Pack) prepare() error {
	var errs []error
	if p.ID == "" || p.Version == "" {
		errs = append(errs, errors.New("id or version is missing"))
	}
	if _, err := day(p.AsOf); err != nil || p.AsOf == "" {
		errs = append(errs, fmt.Errorf("as_of %q: want yyyy-mm-dd", p.AsOf))
	}
	errs = append(errs, known(p.Unless))
	seen := map[string]bool{}
	for i := range p.Entries {
		e := &p.Entries[i]
		e.pack = p
		if err := e.prepare(); err != nil {
			errs = append(errs, fmt.Errorf("entries[%d] %s: %w", i, e.Wrong, err))
		}
		if seen[e.Wrong] {
			errs = append(errs, fmt.Errorf("entries[%d] %s: stands twice", i, e.Wrong))
		}
		seen[e.Wrong] = true
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("pack %s: %w", p.ID, err)
	}
	return nil
}

func (e *Entry) prepare() (err error) {
	if len([]rune(strings.TrimSpace(e.Wrong))) < 2 {
		return errors.New("wrong: want two letters or more")
	}
	if e.Wrong == e.Right {
		return errors.New("right: is the wrong wording")
	}
	if e.from, err = day(e.From); err != nil {
		return err
	}
	if e.until, err = day(e.Until); err != nil {
		return err
	}
	return known(e.Unless)
}

func known(unless []string) error {
	for _, u := range unless {
		if !slices.Contains(contexts, u) {
			return fmt.Errorf("unless %q: want one of %s", u, strings.Join(contexts, ", "))
		}
	}
	return nil
}

func day(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, inspect.Zone)
	if err != nil {
		return t, fmt.Errorf("day %q: want yyyy-mm-dd", s)
	}
	return t, nil
}

// Packs are the embedded packs by check, made once. They are the program's
// own, so one that cannot be read is a fault of the build.
var Packs = sync.OnceValue(func() map[string][]*Pack {
	out := map[string][]*Pack{}
	for _, e := range embedded {
		entries, err := e.files.ReadDir(".")
		if err != nil {
			panic(err)
		}
		for _, f := range entries {
			data, err := e.files.ReadFile(f.Name())
			if err != nil {
				panic(err)
			}
			p, err := parse(data)
			if err != nil {
				panic(fmt.Errorf("%s: %s: %w", e.check, f.Name(), err))
			}
			out[e.check] = append(out[e.check], p)
		}
	}
	return out
})
