package main

import (
	"context"
	"fmt"
	"time"

	"github.com/xunjian/xunjian/bulletins"
	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// A periodSource hands the store to whoever compiles a period.
type periodSource struct {
	*store.Store
	rules *inspect.Rulebook
}

func (s periodSource) Life(ctx context.Context, span inspect.Span, known time.Time) (l *period.Life, err error) {
	l = &period.Life{}
	if l.Published, err = s.Volumes(ctx, span, known); err != nil {
		return nil, err
	}
	if l.Visits, err = s.VisitTotals(ctx, span, known); err != nil {
		return nil, err
	}
	if l.Posts, err = s.PostTotals(ctx, span, known); err != nil {
		return nil, err
	}
	l.Interpreted, err = s.Interpreted(ctx, span, known)
	return l, err
}

func (s periodSource) Inspection(ctx context.Context, id string) (*inspect.Inspection, error) {
	h, err := s.Store.Inspection(ctx, id)
	if err != nil {
		return nil, err
	}
	if h == nil {
		return nil, fmt.Errorf("no inspection %s", id)
	}
	return h.Inspection(), nil
}

func (s periodSource) Faults(ctx context.Context, known time.Time) (out []period.Fault, err error) {
	names := map[string][2]string{}
	name := func(check string) (title, remedy string) {
		n, ok := names[check]
		if !ok {
			n = [2]string{bulletins.Title(s.rules, check), bulletins.Section(s.rules, check, "Remedy")}
			names[check] = n
		}
		return n[0], n[1]
	}
	err = s.Histories(ctx, known, func(c *inspect.Case, steps []inspect.Step) {
		out = append(out, period.FaultsOf(c, steps, known, name)...)
	})
	return out, err
}
