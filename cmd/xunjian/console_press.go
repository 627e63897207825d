package main

import (
	"context"
	"errors"

	"github.com/xunjian/xunjian/bulletins/paper"
	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// A deskPress is the press as the desk of the console knows it.
type deskPress struct {
	*press
	s *service
}

func (d deskPress) Bulletins(ctx context.Context, limit int) (out []desk.Bulletin, err error) {
	all, err := d.st.Bulletins(ctx, limit)
	for i := range all {
		out = append(out, deskBulletin(&all[i]))
	}
	return out, err
}

func deskBulletin(b *store.Bulletin) desk.Bulletin {
	title := b.Kind
	if k := paper.KindOf(b.Kind); k != nil {
		title = k.Chinese
	}
	when := b.Period
	if x, err := period.Parse(b.Period); err == nil {
		when = x.Chinese()
	}
	title = when + title
	if b.Unit != "" {
		title += "（" + b.Unit + "）"
	}
	return desk.Bulletin{ID: b.ID, Kind: b.Kind, Title: title, Period: b.Period, Unit: b.Unit, State: desk.BulletinState(b.State), Number: b.Number,
		Made: b.Made, Closes: b.Closes, Locked: b.Locked, Digest: b.Digest, Corrects: b.Corrects}
}

func (d deskPress) Bulletin(ctx context.Context, id string) (*desk.Sheaf, error) {
	b, files, said, err := d.st.Bulletin(ctx, id)
	if errors.Is(err, store.ErrNoBulletin) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := &desk.Sheaf{Bulletin: deskBulletin(&b)}
	for _, f := range files {
		out.Files = append(out.Files, desk.BulletinFile{Name: f.Name, Digest: f.Digest})
	}
	for _, o := range said {
		out.Objections = append(out.Objections, desk.Objection{N: o.N, Case: o.Case, Unit: o.Unit, By: o.By, At: o.At, Why: o.Why,
			Judge: o.Judge, Settled: o.Settled, Upheld: o.Upheld, Decision: o.Decision})
	}
	return out, nil
}

func (d deskPress) File(ctx context.Context, id, name string) ([]byte, error) {
	return d.st.BulletinFile(ctx, id, name)
}

func (d deskPress) Preview(ctx context.Context, id string, by inspect.Person) error {
	_, err := d.preview(ctx, id, d.days, by, d.s.now())
	return refused(err)
}

func (d deskPress) Object(ctx context.Context, id string, o desk.Objection) error {
	_, err := d.object(ctx, store.Objection{Bulletin: id, Case: o.Case, Unit: o.Unit, By: o.By, At: o.At, Why: o.Why})
	return refused(err)
}

func (d deskPress) Settle(ctx context.Context, id string, n int, upheld bool, why string, by inspect.Person) error {
	return refused(d.settle(ctx, id, n, upheld, why, by, d.s.now()))
}

func (d deskPress) Lock(ctx context.Context, id, number string, leave bool, by inspect.Person) error {
	return refused(d.lock(ctx, id, number, d.s.now(), leave, by, d.s.now()))
}

// refused makes of what the life of a bulletin does not allow a refusal that
// the console shows.
func refused(err error) error {
	for _, no := range append([]error{errNotYours, errNotInIt, errUnconfirmed}, store.BulletinRefusals...) {
		if errors.Is(err, no) {
			return &inspect.Refusal{Why: inspect.NotNow, Msg: err.Error()}
		}
	}
	return err
}
