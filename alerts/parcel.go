package alerts

import (
	"bytes"
	"context"
	"net/mail"

	gomail "github.com/wneessen/go-mail"
)

// A Parcel is files for a person: a bulletin, not an alert. It does not wait in
// the queue, since whoever sends it waits for the answer.
type Parcel struct {
	ID      string // the same one is known as the same mail
	Subject string
	Text    string
	Files   []File
}

// A File is attached to a mail.
type File struct {
	Name string
	Data []byte
}

// A Courier is a channel that carries files: e-mail does.
type Courier interface {
	// Carry hands a parcel over to an address. An error is a [*Failure].
	Carry(ctx context.Context, p *Parcel, address string) error
}

// parcelBytes is how much a mail may hold: what most servers take.
const parcelBytes = 20 << 20

// Carry sends a mail with attachments.
func (c *email) Carry(ctx context.Context, p *Parcel, address string) error {
	to, err := mail.ParseAddress(address)
	if err != nil {
		return failure(Refused, "收件地址不正确")
	}
	msg := gomail.NewMsg()
	c.address(msg, to, p.Subject, p.ID)
	msg.SetBodyString(gomail.TypeTextPlain, p.Text)
	whole := 0
	for _, f := range p.Files {
		whole += len(f.Data) * 4 / 3 // in base64
		if err := msg.AttachReader(f.Name, bytes.NewReader(f.Data)); err != nil {
			return failure(Refused, "%v", err)
		}
	}
	if whole > parcelBytes {
		return failure(Refused, "附件共 %d MB，超过 20 MB", whole>>20)
	}
	return c.post(ctx, msg)
}
