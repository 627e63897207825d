package desk

import (
	"slices"
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

// A RulePage is what a check says of itself.
type RulePage struct {
	ID, Title, Family, Source string
	Prose                     string // sections under "## " headings
}

// Section is a part of the page, by its heading; "" when there is none.
func (p *RulePage) Section(heading string) string {
	_, rest, ok := strings.Cut("\n"+p.Prose, "\n## "+heading+"\n")
	if !ok {
		return ""
	}
	text, _, _ := strings.Cut(rest, "\n## ")
	return strings.TrimSpace(text)
}

// RulePage is the page of a check, or [ErrNone].
func (d *Desk) RulePage(id string) (*RulePage, error) {
	i := slices.IndexFunc(d.Pages, func(p RulePage) bool { return p.ID == id })
	if i < 0 {
		return nil, ErrNone
	}
	return &d.Pages[i], nil
}

// Items are the items of the rulebook that a check's findings can fall under.
func (d *Desk) Items(check string) (out []*inspect.Item) {
	for i := range d.Rules.Items {
		if it := &d.Rules.Items[i]; slices.Contains(it.Checks, check) {
			out = append(out, it)
		}
	}
	return out
}

// Item is the rulebook's item with an id, or nil.
func (d *Desk) Item(id string) *inspect.Item {
	for i := range d.Rules.Items {
		if d.Rules.Items[i].ID == id {
			return &d.Rules.Items[i]
		}
	}
	return nil
}
