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

func (d deskPress) Bulletins(ctx context.Context, limit int) ([]inspect.Bulletin, error) {
	return d.st.Bulletins(ctx, limit)
}

func (d deskPress) Title(b *inspect.Bulletin) string {
	title, when := b.Kind, b.Period
	if k := paper.KindOf(b.Kind); k != nil {
		title = k.Chinese
	}
	if x, err := period.Parse(b.Period); err == nil {
		when = x.Chinese()
	}
	if title = when + title; b.Unit != "" {
		title += "（" + b.Unit + "）"
	}
	return title
}

func (d deskPress) Bulletin(ctx context.Context, id string) (*desk.Sheaf, error) {
	b, files, said, err := d.st.Bulletin(ctx, id)
	if errors.Is(err, store.ErrNoBulletin) {
		return nil, nil
	}
	return &desk.Sheaf{Bulletin: b, Files: files, Objections: said}, err
}

func (d deskPress) File(ctx context.Context, id, name string) ([]byte, error) {
	return d.st.BulletinFile(ctx, id, name)
}

func (d deskPress) Preview(ctx context.Context, id string, by inspect.Person) error {
	_, err := d.preview(ctx, id, d.days, by, d.s.now())
	return refused(err)
}

func (d deskPress) Object(ctx context.Context, o inspect.Objection) error {
	_, err := d.object(ctx, o)
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
