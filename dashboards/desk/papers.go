package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/xunjian/xunjian/inspect"
)

// Issued are the scorecards that somebody may read, newest first.
func (d *Desk) Issued(ctx context.Context, who *inspect.Person) ([]Paper, error) {
	all, err := d.Papers.Papers(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(p Paper) bool {
		t := d.targets[p.Target]
		return t == nil || !who.Reads(t.UnitID)
	}), nil
}

// Scorecard is a scorecard that somebody may read, as HTML, or [ErrNone].
func (d *Desk) Scorecard(ctx context.Context, who *inspect.Person, month, target string) ([]byte, error) {
	if _, err := d.Target(who, target); err != nil {
		return nil, err
	}
	page, err := d.Papers.Paper(ctx, month, target)
	if err == nil && page == nil {
		err = ErrNone
	}
	return page, err
}

// A Link joins a policy document and an interpretation of it.
type Link struct {
	Policy, Interpretation Document
	Sure, Forth, Back      bool // they belong together for certain; the one links the other
}

// A Document is a page by its address and what lists call it.
type Document struct{ URL, Title string }

// graphCheck keeps the graph with each inspection.
const graphCheck = "interpretation-unlinked"

// Graph is which interpretations belong to which documents, as the last
// inspection of a site saw it; nil if it looked for none.
func (d *Desk) Graph(ctx context.Context, who *inspect.Person, site string) ([]Link, error) {
	if _, err := d.Target(who, site); err != nil {
		return nil, err
	}
	last, err := d.Rounds.SiteRounds(ctx, site, 1)
	if err != nil || len(last) == 0 {
		return nil, err
	}
	in, err := d.Rounds.Round(ctx, last[0].ID)
	if err != nil || in == nil || in.Past == nil || in.Past.Kept[graphCheck] == nil {
		return nil, err
	}
	var edges []struct {
		Policy, Interpretation string
		Sure, Forth, Back      bool
	}
	if err := json.Unmarshal(in.Past.Kept[graphCheck], &edges); err != nil {
		return nil, fmt.Errorf("graph of %s: %w", site, err)
	}
	var urls []string
	for _, e := range edges {
		urls = append(urls, e.Policy, e.Interpretation)
	}
	slices.Sort(urls)
	titles, err := d.Rounds.Titles(ctx, site, slices.Compact(urls))
	if err != nil {
		return nil, err
	}
	out := make([]Link, len(edges))
	for i, e := range edges {
		out[i] = Link{Document{e.Policy, titles[e.Policy]}, Document{e.Interpretation, titles[e.Interpretation]}, e.Sure, e.Forth, e.Back}
	}
	return out, nil
}
