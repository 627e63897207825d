// Package mixedcontent is the check mixed-content.
package mixedcontent

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check mixed-content.
var Check = inspect.NewCheck("mixed-content", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	if !strings.HasPrefix(p.Page.Landed(), "https://") {
		p.Due(0)
		return nil
	}
	for _, l := range p.Page.Links() {
		class, what := part(l.Kind)
		if class == "" || !strings.HasPrefix(l.URL, "http://") {
			continue
		}
		// A template's image stands on every page: one repair, one finding.
		p.Report(inspect.Finding{Locus: l.URL, Class: class, Template: true,
			Message: fmt.Sprintf("加密页面中以不加密方式引用%s：%s", what, inspect.Readable(l.URL))})
	}
	return nil
}

// part says what a browser makes of a resource that is not secure: it blocks
// the active ones, and shows the passive ones with a warning or not at all.
func part(k inspect.LinkKind) (class, what string) {
	switch k {
	case inspect.Script, inspect.Style, inspect.Frame, inspect.Object:
		return "active", k.Chinese()
	case inspect.Image, inspect.Media, inspect.CSS:
		return "passive", k.Chinese()
	}
	return "", ""
}
