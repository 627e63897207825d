package inspect

import (
	"encoding/json"
	"time"
)

// A BulletinState is where a bulletin stands in its life: it is drafted, shown
// to units, and locked.
type BulletinState string

// The states of a bulletin.
const (
	Drafted   BulletinState = "draft"
	Previewed BulletinState = "preview" // units may object until it closes
	Locked    BulletinState = "locked"  // it never changes any more
)

// A Bulletin is a paper of a period and where it stands. What it says lies in
// its files.
type Bulletin struct {
	ID       string          `json:"id"`
	Kind     string          `json:"kind"`
	Period   string          `json:"period"`
	Unit     string          `json:"unit,omitempty"`
	Issue    int             `json:"issue"` // 1; a correction of what is locked is the next
	State    BulletinState   `json:"state"`
	Number   string          `json:"number,omitempty"`
	Made     time.Time       `json:"made"`
	Closes   time.Time       `json:"closes,omitzero"` // last moment for objections
	Locked   time.Time       `json:"locked,omitzero"`
	Digest   string          `json:"digest,omitempty"` // over the files
	Corrects string          `json:"corrects,omitempty"`
	Options  json.RawMessage `json:"options,omitempty"` // how it was asked for
}

// A BulletinFile is a bulletin in a format.
type BulletinFile struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
	Data   []byte `json:"-"`
}

// An Objection is what a unit says against a preview.
type Objection struct {
	Bulletin string    `json:"bulletin"`
	N        int       `json:"n"`
	Case     string    `json:"case,omitempty"` // fingerprint of the fault it is about; "": the whole
	Unit     string    `json:"unit"`
	By       Person    `json:"by"`
	At       time.Time `json:"at"`
	Why      string    `json:"why"`
	Judge    Person    `json:"judge,omitzero"`
	Settled  time.Time `json:"settled,omitzero"` // zero: nobody has decided yet
	Upheld   bool      `json:"upheld"`
	Decision string    `json:"decision,omitempty"`
}
