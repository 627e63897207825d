// Package a11yidduplicateused is the check a11y-id-duplicate-used: names of elements that something refers to and that stand more than once.
package a11yidduplicateused

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-id-duplicate-used.
var Check = inspect.NewCheck("a11y-id-duplicate-used", rule, inspect.PerPage, struct{}{}, run).Timeless()

// refer are the attributes that refer to elements.
var refer = []string{"for", "headers", "list", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-activedescendant"}

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	told := map[string]bool{}
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if !e.HasARIA() && !e.Is(atom.Label, atom.Td, atom.Th, atom.Input, atom.Output) || !e.Exposed() {
			continue
		}
		for _, k := range refer {
			for id := range strings.FieldsSeq(e.Attr(k)) {
				same := tree.Same(id)
				if same == nil || told[id] {
					continue
				}
				told[id] = true
				if shown(same) < 2 || k == "headers" && !apart(tree, id) || strings.HasPrefix(k, "aria-") && alike(same) {
					continue
				}
				p.Report(inspect.Finding{Locus: "#" + zh.Truncate(id, 60), Template: true, Message: fmt.Sprintf("%s 所指的标识“%s”在页面上出现不止一次，所指不明", k, zh.Truncate(id, 60))})
			}
		}
	}
	return nil
}

// alike reports whether all of them say the same, so that it does not matter
// which one is meant.
func alike(list []*accname.Element) bool {
	first := inspect.TextOf(list[0].Node)
	for _, e := range list[1:] {
		if first == "" || inspect.TextOf(e.Node) != first {
			return false
		}
	}
	return true
}

// shown counts the elements that assistive technology surely meets.
func shown(list []*accname.Element) (n int) {
	for _, e := range list {
		if e.Exposed() {
			n++
		}
	}
	return n
}

// apart reports whether two with the id stand in one table: cells refer only
// within theirs.
func apart(tree *accname.Tree, id string) bool {
	seen := map[*accname.Element]bool{}
	for _, e := range tree.Same(id) {
		t := e.Within(atom.Table)
		if seen[t] {
			return true
		}
		seen[t] = true
	}
	return false
}
