package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/xunjian/xunjian/inspect"
)

// eventsAtOnce is how many rows are read at once; bodies load one by one.
const eventsAtOnce = 200

// Events yields all that was recorded of an inspection until now, in the order
// in which it was recorded; link targets that are fine come in their chunks
// and carry their URL alone. Pages have Raw, as received, and no Body: the
// caller decodes. Evidence that is damaged is an error.
func (s *Store) Events(ctx context.Context, id string) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		// What a resumed run records while it reads is not its past.
		last, err := s.lastSeq(ctx, id)
		if err != nil {
			yield(inspect.Event{}, fmt.Errorf("events of %s: %w", id, hint(err, s.dir)))
			return
		}
		for after := int64(0); ; {
			var rows []eventRow
			err := s.db.NewSelect().Model(&rows).Where("inspection = ? AND seq > ? AND seq <= ?", id, after, last).
				Order("seq").Limit(eventsAtOnce).Scan(ctx)
			if err != nil {
				yield(inspect.Event{}, fmt.Errorf("events of %s: %w", id, hint(err, s.dir)))
				return
			}
			for i := range rows {
				if !s.yieldRow(ctx, &rows[i], yield) {
					return
				}
			}
			if len(rows) < eventsAtOnce {
				return
			}
			after = rows[len(rows)-1].Seq
		}
	}
}

// yieldRow yields the events of a row; false ends the reading.
func (s *Store) yieldRow(ctx context.Context, r *eventRow, yield func(inspect.Event, error) bool) bool {
	if r.Kind == linksRow {
		text, err := s.ev.decoder.DecodeAll(r.Links, nil)
		if err != nil {
			yield(inspect.Event{}, fmt.Errorf("links of %s: %w：%w", r.Inspection, ErrDamaged, err))
			return false
		}
		for _, u := range linkLines(string(text)) {
			if !yield(inspect.Event{Target: &inspect.Target{URL: u, Verdict: inspect.Fine}}, nil) {
				return false
			}
		}
		return true
	}
	e, err := s.event(ctx, r)
	if err != nil {
		yield(inspect.Event{}, fmt.Errorf("event %d of %s, %s: %w", r.Seq, r.Inspection, r.URL, err))
		return false
	}
	return yield(e, nil)
}

func (s *Store) event(ctx context.Context, r *eventRow) (inspect.Event, error) {
	t, err := r.target()
	if err != nil {
		return inspect.Event{}, err
	}
	switch r.Kind {
	case targetRow:
		return inspect.Event{Target: &t}, nil
	case skipRow:
		return inspect.Event{Skip: &t}, nil
	case shownRow:
		text, err := s.ev.decoder.DecodeAll(r.Links, nil)
		if err != nil {
			return inspect.Event{}, fmt.Errorf("%w：%w", ErrDamaged, err)
		}
		v := &inspect.Rendered{}
		return inspect.Event{Shown: v}, json.Unmarshal(text, v)
	case feedRow:
		text, err := s.ev.decoder.DecodeAll(r.Links, nil)
		if err != nil {
			return inspect.Event{}, fmt.Errorf("%w：%w", ErrDamaged, err)
		}
		c := &inspect.Collection{}
		return inspect.Event{Feed: c}, json.Unmarshal(text, c)
	case probeRow:
		p := &inspect.Probe{}
		return inspect.Event{Probe: p}, json.Unmarshal([]byte(r.Probe), p)
	case pageRow:
		p, err := s.page(ctx, r, t)
		return inspect.Event{Page: p}, err
	case answerRow:
		p, err := s.page(ctx, r, t)
		return inspect.Event{Answer: p}, err
	}
	return inspect.Event{}, fmt.Errorf("unknown kind of event %q", r.Kind)
}

// page is a page with what was kept of it.
func (s *Store) page(ctx context.Context, r *eventRow, t inspect.Target) (*inspect.Page, error) {
	p := &inspect.Page{Target: t, Depth: r.Depth, Type: r.Type, Charset: r.Charset, CharsetFrom: r.CharsetFrom,
		Truncated: r.Truncated, Unchanged: r.Unchanged}
	if r.Sealed != "" {
		if err := json.Unmarshal([]byte(r.Sealed), &p.Sealed); err != nil {
			return nil, err
		}
	}
	if r.IsDocument {
		p.Document = &inspect.Document{Incomplete: "附件含有不得留存的内容，存档中没有其正文"}
	}
	if !r.Kept {
		return p, nil
	}
	body, err := s.Body(ctx, cmp.Or(r.Body, r.Digest))
	if err != nil {
		return nil, err
	}
	if r.IsDocument {
		p.Document = &inspect.Document{}
		return p, json.Unmarshal(body, p.Document)
	}
	p.Raw = body
	return p, nil
}
