package crawler

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/xunjian/xunjian/inspect"
)

// One reads a single page. With private, addresses that are not public may be asked.
func One(ctx context.Context, o Options, u string, private bool) (*inspect.Page, error) {
	u, ok := inspect.Normal(u)
	if !ok {
		return nil, fmt.Errorf("not a web address")
	}
	s := &inspect.Site{ID: inspect.Host(u), Home: u}
	if private {
		s.Allow = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}
	}
	o.MaxPages, o.NoForeign, o.pagesOnly = 1, true, true
	for e, err := range New(o).Events(ctx, s) {
		switch {
		case err != nil:
			return nil, err
		case e.Page != nil:
			return e.Page, nil
		case e.Target != nil && e.Target.Verdict != inspect.Fine && e.Target.Verdict != inspect.Information:
			return nil, fmt.Errorf("%s %s", e.Target.Cause.Chinese(), e.Target.Detail)
		case e.Target != nil && e.Target.Final == "":
			return nil, fmt.Errorf("not an HTML page")
		}
	}
	return nil, fmt.Errorf("nothing was read")
}
