package desk

import (
	"context"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

// A Sheaf is a bulletin with all that belongs to it.
type Sheaf struct {
	inspect.Bulletin
	Files      []inspect.BulletinFile
	Objections []inspect.Objection
}

// A Press makes bulletins and keeps them. What the state of one does not allow
// it refuses with an [inspect.Refusal].
type Press interface {
	Bulletins(ctx context.Context, limit int) ([]inspect.Bulletin, error)
	Bulletin(ctx context.Context, id string) (*Sheaf, error) // nil: there is none
	Title(b *inspect.Bulletin) string
	File(ctx context.Context, id, name string) ([]byte, error)
	Preview(ctx context.Context, id string, by inspect.Person) error
	Object(ctx context.Context, o inspect.Objection) error
	Settle(ctx context.Context, id string, n int, upheld bool, why string, by inspect.Person) error
	Lock(ctx context.Context, id, number string, leave bool, by inspect.Person) error
}

// bulletinsShown is how many bulletins a list holds.
const bulletinsShown = 200

// reads reports whether somebody may read a bulletin: a unit what is for it or
// for all, once it was shown to units.
func (d *Desk) reads(who *inspect.Person, b *inspect.Bulletin) bool {
	if who.Role == inspect.Agency {
		return b.State != inspect.Drafted && (b.Unit == "" || b.Unit == d.UnitName(who.Unit))
	}
	return who.Role == inspect.Supervisor || who.Role == inspect.Auditor
}

// Bulletins are the bulletins that somebody may read, newest first.
func (d *Desk) Bulletins(ctx context.Context, who *inspect.Person) ([]inspect.Bulletin, error) {
	all, err := d.Press.Bulletins(ctx, bulletinsShown)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(b inspect.Bulletin) bool { return !d.reads(who, &b) }), nil
}

// Bulletin is one that somebody may read, or [ErrNone]. A unit sees no
// objections but its own.
func (d *Desk) Bulletin(ctx context.Context, who *inspect.Person, id string) (*Sheaf, error) {
	s, err := d.Press.Bulletin(ctx, id)
	if err != nil {
		return nil, err
	}
	if s == nil || !d.reads(who, &s.Bulletin) {
		return nil, ErrNone
	}
	if who.Role == inspect.Agency {
		own := d.UnitName(who.Unit)
		s.Objections = slices.DeleteFunc(s.Objections, func(o inspect.Objection) bool { return o.Unit != own })
	}
	return s, nil
}

// BulletinFile is a file of a bulletin that somebody may read.
func (d *Desk) BulletinFile(ctx context.Context, who *inspect.Person, id, name string) ([]byte, error) {
	s, err := d.Bulletin(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(s.Files, func(f inspect.BulletinFile) bool { return f.Name == name }) {
		return nil, ErrNone
	}
	return d.Press.File(ctx, id, name)
}

// PreviewBulletin shows a draft to units.
func (d *Desk) PreviewBulletin(ctx context.Context, who *inspect.Person, id string) error {
	return d.press(ctx, who, inspect.Supervisor, id, func() error { return d.Press.Preview(ctx, id, *who) })
}

// ObjectTo notes an objection of a person's unit.
func (d *Desk) ObjectTo(ctx context.Context, who *inspect.Person, id, fingerprint, why string) error {
	return d.press(ctx, who, inspect.Agency, id, func() error {
		if strings.TrimSpace(why) == "" {
			return &inspect.Refusal{Why: inspect.Incomplete, Msg: "请写明理由"}
		}
		if fingerprint != "" {
			if _, err := d.Case(ctx, who, fingerprint); err != nil {
				return err
			}
		}
		return d.Press.Object(ctx, inspect.Objection{Bulletin: id, Case: fingerprint, Unit: d.UnitName(who.Unit), By: *who, At: d.Now(), Why: why})
	})
}

// SettleObjection decides an objection; one that is right refutes its fault.
func (d *Desk) SettleObjection(ctx context.Context, who *inspect.Person, id string, n int, upheld bool, why string) error {
	return d.press(ctx, who, inspect.Supervisor, id, func() error {
		if strings.TrimSpace(why) == "" {
			return &inspect.Refusal{Why: inspect.Incomplete, Msg: "请写明理由"}
		}
		return d.Press.Settle(ctx, id, n, upheld, why, *who)
	})
}

// LockBulletin issues a bulletin under its number. leave says that what nobody
// has confirmed is left out knowingly.
func (d *Desk) LockBulletin(ctx context.Context, who *inspect.Person, id, number string, leave bool) error {
	return d.press(ctx, who, inspect.Supervisor, id, func() error {
		if strings.TrimSpace(number) == "" {
			return &inspect.Refusal{Why: inspect.Incomplete, Msg: "请填写发文字号"}
		}
		return d.Press.Lock(ctx, id, strings.TrimSpace(number), leave, *who)
	})
}

// press lets somebody of a role do something with a bulletin that he may read.
func (d *Desk) press(ctx context.Context, who *inspect.Person, role inspect.Role, id string, do func() error) error {
	if _, err := d.Bulletin(ctx, who, id); err != nil {
		return err
	}
	if who.Role != role {
		return ErrForbidden
	}
	return do()
}
