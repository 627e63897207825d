package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A BulletinState is where a bulletin stands.
type BulletinState string

// The states of a bulletin.
const (
	Drafted   BulletinState = "draft"
	Previewed BulletinState = "preview" // units may object until it closes
	Locked    BulletinState = "locked"  // it never changes any more
)

// A Bulletin is a paper of a period.
type Bulletin struct {
	ID       string        `json:"id"`
	Kind     string        `json:"kind"`
	Title    string        `json:"title"`
	Period   string        `json:"period"`
	Unit     string        `json:"unit,omitempty"` // name of the one it is for; "": all
	State    BulletinState `json:"state"`
	Number   string        `json:"number,omitempty"`
	Made     time.Time     `json:"made"`
	Closes   time.Time     `json:"closes,omitzero"` // last moment for objections
	Locked   time.Time     `json:"locked,omitzero"`
	Digest   string        `json:"digest,omitempty"`
	Corrects string        `json:"corrects,omitempty"`
}

// A BulletinFile is a bulletin in a format.
type BulletinFile struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
}

// An Objection is what a unit says against a preview.
type Objection struct {
	N        int            `json:"n"`
	Case     string         `json:"case,omitempty"` // fingerprint; "": the whole
	Unit     string         `json:"unit"`           // name
	By       inspect.Person `json:"by"`
	At       time.Time      `json:"at"`
	Why      string         `json:"why"`
	Judge    inspect.Person `json:"judge,omitzero"`
	Settled  time.Time      `json:"settled,omitzero"`
	Upheld   bool           `json:"upheld"`
	Decision string         `json:"decision,omitempty"`
}

// A Sheaf is a bulletin with all that belongs to it.
type Sheaf struct {
	Bulletin
	Files      []BulletinFile `json:"files"`
	Objections []Objection    `json:"objections"`
}

// A Press makes bulletins and keeps them. What the state of one does not allow
// it refuses with an [inspect.Refusal].
type Press interface {
	Bulletins(ctx context.Context, limit int) ([]Bulletin, error)
	Bulletin(ctx context.Context, id string) (*Sheaf, error) // nil: there is none
	File(ctx context.Context, id, name string) ([]byte, error)
	Preview(ctx context.Context, id string, by inspect.Person) error
	Object(ctx context.Context, id string, o Objection) error
	Settle(ctx context.Context, id string, n int, upheld bool, why string, by inspect.Person) error
	Lock(ctx context.Context, id, number string, leave bool, by inspect.Person) error
}

// bulletinsShown is how many bulletins a list holds.
const bulletinsShown = 200

// reads reports whether somebody may read a bulletin: a unit what is for it or
// for all, once it was shown to units.
func (d *Desk) reads(who *inspect.Person, b *Bulletin) bool {
	if who.Role == inspect.Agency {
		return b.State != Drafted && (b.Unit == "" || b.Unit == d.UnitName(who.Unit))
	}
	return true
}

// Bulletins are the bulletins that somebody may read, newest first.
func (d *Desk) Bulletins(ctx context.Context, who *inspect.Person) ([]Bulletin, error) {
	all, err := d.Press.Bulletins(ctx, bulletinsShown)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(b Bulletin) bool { return !d.reads(who, &b) }), nil
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
		s.Objections = slices.DeleteFunc(s.Objections, func(o Objection) bool { return o.Unit != own })
	}
	return s, nil
}

// BulletinFile is a file of a bulletin that somebody may read.
func (d *Desk) BulletinFile(ctx context.Context, who *inspect.Person, id, name string) ([]byte, error) {
	s, err := d.Bulletin(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(s.Files, func(f BulletinFile) bool { return f.Name == name }) {
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
		return d.Press.Object(ctx, id, Objection{Case: fingerprint, Unit: d.UnitName(who.Unit), By: *who, At: d.Now(), Why: why})
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
