package crawler

import (
	"errors"
	"net/http"
)

// maxHops is how many redirects are followed.
const maxHops = 10

var errLoop = errors.New("redirect loop")

// checkRedirect follows up to maxHops redirects. A URL that comes back is a
// loop, unless something was learned on the way: a site may send a visitor
// round once to hand out a cookie.
func checkRedirect(req *http.Request, via []*http.Request) error {
	if ex := exchangeOf(req); ex != nil {
		ex.hops = len(via)
	}
	if len(via) >= maxHops {
		return errLoop
	}
	u, cookies := req.URL.String(), req.Header.Get("Cookie")
	seen := 0
	for _, v := range via {
		if v.URL.String() == u && v.Header.Get("Cookie") == cookies {
			seen++
		}
	}
	// The jar adds its cookies after this call, so the first return is allowed
	// and the second is not.
	if seen >= 2 {
		return errLoop
	}
	// colly's own headers for conditional requests belong to the first URL alone.
	req.Header.Del("If-None-Match")
	req.Header.Del("If-Modified-Since")
	return nil
}
