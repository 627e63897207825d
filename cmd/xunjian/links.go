package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/store"
)

// linksAsked is when the links of a site were last asked, if that is so lately
// that those which opened need not be asked again; else zero.
func linksAsked(ctx context.Context, st *store.Store, site string, age time.Duration) (time.Time, error) {
	if age <= 0 {
		return time.Time{}, nil
	}
	last, err := st.Latest(ctx, site, store.Whole)
	if err != nil || last == nil {
		return time.Time{}, err
	}
	var o recordedOptions
	if err := json.Unmarshal(last.Options, &o); err != nil {
		return time.Time{}, fmt.Errorf("options of %s: %w", last.ID, err)
	}
	if o.LinksAsked.IsZero() {
		o.LinksAsked = last.Started
	}
	if time.Since(o.LinksAsked) >= age {
		return time.Time{}, nil
	}
	return o.LinksAsked, nil
}

// opened lets a crawl pass over the links that opened when they were last
// asked, if its inspection began so.
func opened(ctx context.Context, st *store.Store, h *store.Header, o *crawler.Options) error {
	var r recordedOptions
	if err := json.Unmarshal(h.Options, &r); err != nil {
		return fmt.Errorf("options of %s: %w", h.ID, err)
	}
	if r.LinksAsked.IsZero() {
		return nil
	}
	fine, err := st.Opened(ctx, h.Site.ID)
	o.Opened = fine
	return err
}
