package checktest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/xunjian/xunjian/inspect"
)

// An accountYAML is what the register says of an account.
type accountYAML struct {
	Platform    inspect.Platform  `yaml:"platform"`
	Handle      string            `yaml:"handle"`
	Body        string            `yaml:"body"`
	Verified    *bool             `yaml:"verified"`
	Filed       *bool             `yaml:"filed"`
	Opened      string            `yaml:"opened"`
	State       inspect.Standing  `yaml:"state"`
	Since       string            `yaml:"since"`
	To          string            `yaml:"to"`
	ToKnown     bool              `yaml:"to_known"`
	Twins       []string          `yaml:"twins"`
	Window      inspect.Window    `yaml:"window"`
	Interaction *interactionYAML  `yaml:"interaction"`
	Sources     []mediaSourceYAML `yaml:"sources"`
}

type mediaSourceYAML struct {
	Name string             `yaml:"name"` // empty: the kind
	Kind inspect.SourceKind `yaml:"kind"`
}

type interactionYAML struct {
	Comments, Messages, Menu *bool
	Checked                  string
}

// A feedYAML is what a source gave.
type feedYAML struct {
	Kind        inspect.SourceKind `yaml:"kind"` // empty: the name
	URL         string             `yaml:"url"`
	Detail      string             `yaml:"detail"`
	Posts       []postYAML         `yaml:"posts"`
	Complete    bool               `yaml:"complete"`
	From        string             `yaml:"from"`
	To          string             `yaml:"to"` // empty: now
	Sees        []inspect.PostKind `yaml:"sees"`
	Partial     string             `yaml:"partial"`
	Identity    *identityYAML      `yaml:"identity"`
	Interaction *interactionYAML   `yaml:"interaction"`
}

type postYAML struct {
	ID, Title, URL, At, Text string
	Kind                     inspect.PostKind
}

type identityYAML struct {
	Name, Body string
	Verified   *bool
}

// day reads a day or a moment in the rules' zone; "" is the zero time.
func day(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	return time.ParseInLocation(time.DateOnly, s, inspect.Zone)
}

// into makes the site an account.
func (y *accountYAML) into(s *inspect.Site) (err error) {
	if y == nil {
		return nil
	}
	if !slices.Contains(inspect.Platforms, y.Platform) || y.State != "" && !slices.Contains(inspect.Standings, y.State) {
		return fmt.Errorf("account: no platform %q or state %q", y.Platform, y.State)
	}
	m := &inspect.MediaAccount{Platform: y.Platform, Handle: y.Handle, Body: y.Body, Verified: y.Verified, Filed: y.Filed, Standing: y.State, To: y.To,
		ToKnown: y.ToKnown, Twins: y.Twins, Window: y.Window}
	if m.Opened, err = day(y.Opened); err != nil {
		return err
	}
	if m.Since, err = day(y.Since); err != nil {
		return err
	}
	if m.Interaction, err = y.Interaction.interaction(); err != nil {
		return err
	}
	for _, x := range y.Sources {
		m.Sources = append(m.Sources, inspect.MediaSource{Name: cmp.Or(x.Name, string(x.Kind)), Kind: x.Kind})
	}
	s.Kind, s.Account = inspect.Account, m
	return nil
}

func (y *interactionYAML) interaction() (*inspect.Interaction, error) {
	if y == nil {
		return nil, nil
	}
	at, err := day(y.Checked)
	return &inspect.Interaction{Comments: y.Comments, Messages: y.Messages, Menu: y.Menu, Checked: at}, err
}

// feed makes an event of what a source gave: FEED name, then perhaps a status,
// a cause or a verdict.
func (c *testCase) feed(words []string, f txtar.File) error {
	var y feedYAML
	if err := yaml.UnmarshalWithOptions(f.Data, &y, yaml.Strict()); err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	t, _, err := c.target(cmp.Or(y.URL, "/"), words[2:], f.Data)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	if t.Verdict == inspect.Fault && t.Cause != inspect.Status4xx { // a collector accuses nobody of its own trouble
		t.Verdict = inspect.CouldNotTell
	}
	sum := sha256.Sum256(f.Data)
	x := &inspect.Collection{Source: words[1], Kind: cmp.Or(y.Kind, inspect.SourceKind(words[1])), URL: y.URL, At: c.now.UTC(), Status: t.Status,
		Verdict: t.Verdict, Cause: t.Cause, Detail: y.Detail, Digest: "sha256:" + hex.EncodeToString(sum[:]), Complete: y.Complete, Sees: y.Sees, Partial: y.Partial}
	if x.From, err = day(y.From); err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	if x.To, err = day(y.To); err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	if y.To == "" {
		x.To = c.now
	}
	if y.Identity != nil {
		x.Identity = &inspect.Identity{Name: y.Identity.Name, Body: y.Identity.Body, Verified: y.Identity.Verified}
	}
	if x.Interaction, err = y.Interaction.interaction(); err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	for _, p := range y.Posts {
		at, err := day(p.At)
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		x.Posts = append(x.Posts, inspect.Post{ID: p.ID, Title: p.Title, URL: p.URL, Published: at, Kind: p.Kind, Text: strings.TrimSpace(p.Text)})
	}
	c.events = append(c.events, func() inspect.Event { q := *x; return inspect.Event{Feed: &q} })
	return nil
}
