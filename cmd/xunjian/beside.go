package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
)

// A besideService lets an inspection that a person runs share sites with a
// service on the same data: never both at once.
type besideService struct{ queue *schedule.Engine } // nil: no service ran here

// serviceQueue opens the queue of the service, if there ever was one.
func serviceQueue(ctx context.Context, p *plan) (*besideService, error) {
	if p.cfg.Database == "" {
		if _, err := os.Stat(filepath.Join(p.cfg.Data, schedule.FileName)); errors.Is(err, fs.ErrNotExist) {
			return &besideService{}, nil
		}
	}
	q, err := schedule.New(ctx, schedule.Config{Dir: p.cfg.Data, Database: p.cfg.Database})
	return &besideService{q}, err
}

func (b *besideService) close() {
	if b.queue != nil {
		b.queue.Close()
	}
}

// borrow takes a site until giveBack. Accounts are read without being taken.
func (b *besideService) borrow(ctx context.Context, s *inspect.Site) (alive func() error, giveBack func(), err error) {
	if b.queue == nil || s.Account != nil {
		return nil, func() {}, nil
	}
	alive, giveBack, err = b.queue.Borrow(ctx, s.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("网站 %s：%w", s.ID, err)
	}
	return alive, giveBack, nil
}
