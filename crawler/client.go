package crawler

import (
	"net/http"

	"github.com/xunjian/xunjian/inspect"
)

// A Client is the guarded and paced way to the wire for sources that are no
// crawl. API asks interfaces that a key opens, to which robots.txt does not
// speak; Pages obeys it, if the options say so. Private addresses are those
// that the site opens.
type Client struct {
	API, Pages *http.Client
	net        *network
}

// NewClient makes a Client. Its hosts keep their pace over all who share it.
func NewClient(o Options, s *inspect.Site) *Client {
	n := newNetwork(o.withDefaults(), s)
	n.client.Transport = &watched{n.client.Transport, n}
	return &Client{API: &http.Client{Transport: &watched{n.plain, n}, CheckRedirect: checkRedirect}, Pages: n.client, net: n}
}

// Close closes what connections are idle.
func (c *Client) Close() { c.net.close() }

// Agent is the name that requests give.
func (c *Client) Agent() string { return c.net.opt.Agent }

// Explain says what an answer, or an error in its place, tells: the same as of
// a page.
func Explain(res *http.Response, err error) (v inspect.Verdict, c inspect.Cause, detail string) {
	if err != nil {
		v, c = byError(err)
		return v, c, plainError(err)
	}
	v, c = byStatus(&exchange{status: res.StatusCode, header: res.Header})
	return v, c, ""
}
