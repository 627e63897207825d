package alerts

import (
	"context"
	"io"
)

type beginKey struct{}

// withBegin has a channel call f right before the first byte by which a message
// may arrive: what dies earlier has told nobody, and is sent again soon.
func withBegin(ctx context.Context, f func() error) context.Context {
	return context.WithValue(ctx, beginKey{}, f)
}

// begin is called by a channel at that moment; when it fails, nothing is sent.
func begin(ctx context.Context) error {
	if f, ok := ctx.Value(beginKey{}).(func() error); ok {
		return f()
	}
	return nil
}

// A beginning is the body of a request that is begun when it is first read:
// then there is a connection, and nothing has gone over it.
type beginning struct {
	io.Reader
	ctx   context.Context
	begun bool
}

func (b *beginning) Read(p []byte) (int, error) {
	if !b.begun {
		if err := begin(b.ctx); err != nil {
			return 0, err
		}
		b.begun = true
	}
	return b.Reader.Read(p)
}
