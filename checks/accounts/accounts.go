// Package accounts reads a new-media account once for all checks that judge
// one: which of its sources answered, and what the sources as a whole cannot
// tell.
package accounts

import (
	"fmt"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// Name is the account as a message names it.
func Name(s *inspect.Site) string {
	name := s.Name
	if name == "" {
		name = s.ID
	}
	return fmt.Sprintf("“%s”（%s）", name, s.Account.Platform.Chinese())
}

// Date is a day as messages print it.
func Date(t time.Time) string { return t.In(inspect.Zone).Format(time.DateOnly) }

// Posting are the sources that answered and can tell of posts.
func Posting(p *inspect.Pass) (out []*inspect.Collection) {
	for _, c := range p.Feeds {
		if posts, _ := c.Kind.Tells(); posts && c.Read() {
			out = append(out, c)
		}
	}
	return out
}

// Dead says for people why no source told of posts.
func Dead(p *inspect.Pass) string {
	var why []string
	for _, c := range p.Feeds {
		if posts, _ := c.Kind.Tells(); posts && !c.Read() {
			why = append(why, fmt.Sprintf("%s：%s", c.Source, c.Why()))
		}
	}
	if len(why) == 0 {
		return "没有登记能读取发布内容的来源，也没有导入或登记过"
	}
	return "来源均未能读取（" + strings.Join(why, "；") + "）"
}

// Kinds says which kinds of posts some sources show.
func Kinds(feeds []*inspect.Collection) (out []inspect.PostKind) {
	seen := map[inspect.PostKind]bool{}
	for _, c := range feeds {
		for _, k := range c.Sees {
			if !seen[k] {
				seen[k] = true
				out = append(out, k)
			}
		}
		if len(c.Sees) == 0 {
			return nil // all
		}
	}
	return out
}

// Words joins kinds for people; none is all of them.
func Words(kinds []inspect.PostKind) string {
	if len(kinds) == 0 {
		return "全部发布内容"
	}
	var out []string
	for _, k := range kinds {
		out = append(out, k.Chinese())
	}
	return strings.Join(out, "、")
}
