package inspect

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// feed keeps what a source of an account gave until the account is judged:
// only then is it known what of it nobody may keep.
func (r *loop) feed(e Event) {
	r.feeds = append(r.feeds, e)
	if c := e.Feed; c.Verdict == CouldNotTell {
		r.note(fmt.Sprintf("来源“%s”未能读取：%s", c.Source, c.Why()))
	}
}

// Why says for people why a source gave nothing.
func (c *Collection) Why() string {
	s := c.Cause.Chinese()
	switch {
	case s == "":
		return cmp.Or(c.Detail, "原因不明")
	case c.Detail != "":
		return s + "，" + c.Detail
	}
	return s
}

// collections are what the sources gave, in the register's order of trust.
func (r *loop) collections() []*Collection {
	out := make([]*Collection, len(r.feeds))
	for i := range r.feeds {
		out[i] = r.feeds[i].Feed
	}
	rank := func(c *Collection) int {
		i := slices.IndexFunc(r.site.Account.Sources, func(s MediaSource) bool { return s.Name == c.Source })
		if i < 0 { // imports and stamps come last
			return len(r.site.Account.Sources)
		}
		return i
	}
	slices.SortStableFunc(out, func(a, b *Collection) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Source, b.Source), a.At.Compare(b.At), cmp.Compare(a.URL, b.URL),
			cmp.Compare(len(a.Sees), len(b.Sees)), slices.Compare(a.Sees, b.Sees), cmp.Compare(a.Digest+a.Proof, b.Digest+b.Proof))
	})
	return out
}

// judgeAccount runs the account checks over what the sources gave.
func (r *loop) judgeAccount(ctx context.Context) {
	r.out.Feeds = r.collections()
	for i := range r.Rules.Checks {
		if b := &r.Rules.Checks[i]; b.Check.Scope == PerAccount {
			p := r.sitePass(b.Check)
			p.Feeds = r.out.Feeds
			r.check(ctx, b, p)
		}
	}
}

// recall adds what a check told of the posts when their secrets could be
// read: from the masks it cannot tell it again.
func (r *loop) recall(check string, res *result) {
	for _, c := range r.out.Feeds {
		for _, f := range c.Sealed[check] {
			same := func(g Finding) bool { return g.Outcome == f.Outcome && g.Locus == f.Locus && g.URL == f.URL }
			if !slices.ContainsFunc(res.findings, same) {
				res.findings = append(res.findings, f)
			}
		}
	}
}

// seal masks secrets in the posts, and keeps with them what was told.
func (r *loop) seal(check string, res result) {
	if len(r.out.Feeds) == 0 || len(res.secrets) == 0 {
		return
	}
	c := r.out.Feeds[0]
	if c.Sealed == nil {
		c.Sealed = map[string][]Finding{}
	}
	c.Sealed[check] = slices.Clone(res.findings)
	r.secrets = append(r.secrets, res.secrets...)
}

// rememberFeeds has the collections remembered, secrets masked.
func (r *loop) rememberFeeds(ctx context.Context) error {
	conceal := masker(r.secrets)
	for i := range r.feeds {
		e := r.feeds[i]
		if r.Record == nil || e.Replayed {
			continue
		}
		c := *e.Feed
		c.Posts = slices.Clone(c.Posts)
		for j := range c.Posts {
			p := &c.Posts[j]
			p.Title, p.Text, p.URL = conceal.Replace(p.Title), conceal.Replace(p.Text), conceal.Replace(p.URL)
		}
		e.Feed = &c
		if err := r.Record.Event(ctx, e); err != nil {
			return fmt.Errorf("remember what %s gave: %w", c.Source, err)
		}
	}
	return nil
}

// A jsonAccount is what the JSON of an inspection says of an account.
type jsonAccount struct {
	Name     string       `json:"name"`
	Platform Platform     `json:"platform"`
	Standing Standing     `json:"state"`
	LastPost string       `json:"last_post,omitempty"`
	Months   []MonthPosts `json:"posts_per_month"`
	Gap      *int         `json:"longest_gap_days"` // null: not known
	Sources  []Health     `json:"sources"`
}

// A Health is how a source of an account does.
type Health struct {
	Source  string     `json:"source"`
	Kind    SourceKind `json:"kind"`
	At      string     `json:"at"`
	Verdict Verdict    `json:"verdict"`
	Cause   Cause      `json:"cause,omitempty"`
	Detail  string     `json:"detail,omitempty"`
	Posts   int        `json:"posts"`
	Sees    []PostKind `json:"sees,omitempty"`
	From    string     `json:"from,omitempty"` // complete from, until
	To      string     `json:"to,omitempty"`
}

// Health is how the source did.
func (c *Collection) Health() Health {
	h := Health{Source: c.Source, Kind: c.Kind, At: stamp(c.At), Verdict: c.Verdict, Cause: c.Cause, Detail: c.Detail, Posts: len(c.Posts), Sees: c.Sees}
	if c.Complete {
		h.From, h.To = stamp(c.From), stamp(c.To)
	}
	if h.Detail == "" {
		h.Detail = c.Partial
	}
	return h
}

func (in *Inspection) account() *jsonAccount {
	m := in.Site.Account
	if m == nil {
		return nil
	}
	a := m.ActivityOf(in.Feeds, in.Now)
	j := &jsonAccount{Name: in.Site.Name, Platform: m.Platform, Standing: m.On(in.Now), Months: a.Months, Sources: []Health{}}
	if j.Months == nil {
		j.Months = []MonthPosts{}
	}
	if len(a.Posts) > 0 {
		j.LastPost = stamp(a.Posts[0].Published)
	}
	if a.Known {
		j.Gap = &a.Gap
	}
	for _, c := range in.Feeds {
		j.Sources = append(j.Sources, c.Health())
	}
	return j
}
