package bulletins

import (
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

// A personGroup is the items of one part and group that a person must judge.
type personGroup struct {
	Part  inspect.Part
	Name  string
	Items []personItem
}

// A personItem is the clauses that share a title.
type personItem struct {
	Title string
	IDs   []string
	Texts []string
}

// Titles is the title with the ids of its clauses: 站点无法访问（SV-1a～SV-1f）.
func (p personItem) Titles() string {
	switch n := len(p.IDs); {
	case p.Title == "":
		return strings.Join(p.IDs, "、")
	case n > 2:
		return p.Title + "（" + p.IDs[0] + "～" + p.IDs[n-1] + "）"
	}
	return p.Title + "（" + strings.Join(p.IDs, "、") + "）"
}

// personGroups are the items for a person, in the order of the rulebook.
func personGroups(in *inspect.Inspection) []personGroup {
	var out []personGroup
	for _, id := range in.Grade.ForPerson {
		it := item(in, id)
		if it == nil {
			continue
		}
		i := 0
		for i < len(out) && (out[i].Part != it.Part || out[i].Name != it.Group) {
			i++
		}
		if i == len(out) {
			out = append(out, personGroup{Part: it.Part, Name: it.Group})
		}
		out[i].add(it)
	}
	return out
}

func (g *personGroup) add(it *inspect.Item) {
	for i := range g.Items {
		if p := &g.Items[i]; p.Title == it.Title {
			p.IDs, p.Texts = append(p.IDs, it.ID), append(p.Texts, it.Text)
			return
		}
	}
	g.Items = append(g.Items, personItem{it.Title, []string{it.ID}, []string{it.Text}})
}

// openVetoes is how many veto items of the site only a person can judge: while
// there are any, nothing found is no pass.
func openVetoes(in *inspect.Inspection) (n int) {
	for _, id := range in.Grade.ForPerson {
		if it := item(in, id); it != nil && it.Part == inspect.Veto {
			n++
		}
	}
	return n
}
