package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// Collectors of a platform count as dead when so many accounts have sources
// there, and none of them has given an answer for so long. Both are ours.
const (
	deadAccounts = 3
	deadTime     = 48 * time.Hour
)

// collectors looks whether all sources of a platform fell silent together: a
// key that ran out, an address that was taken off a white list, an interface
// that ended. That is one incident of ours, not a fault of each account.
func (s *service) collectors(ctx context.Context) error {
	fleet := s.st.Fleet()
	results, err := fleet.Results(ctx)
	if err != nil {
		return err
	}
	type tally struct {
		accounts int
		newest   time.Time
	}
	by := map[inspect.Platform]*tally{}
	for i := range results {
		r := &results[i]
		x := s.p.cfg.Account(r.Site)
		if x == nil || r.Scope != store.Whole || len(x.Account.Sources) == 0 || !x.Account.Judged(s.now()) {
			continue
		}
		at, err := fleet.Collected(ctx, r)
		if err != nil {
			return err
		}
		t := by[x.Account.Platform]
		if t == nil {
			t = &tally{}
			by[x.Account.Platform] = t
		}
		t.accounts++
		if at.After(t.newest) {
			t.newest = at
		}
	}
	var dead []string
	for _, p := range inspect.Platforms {
		if t := by[p]; t != nil && t.accounts >= deadAccounts && s.now().Sub(t.newest) > deadTime {
			since := "一个月来"
			if !t.newest.IsZero() {
				since = "自" + t.newest.In(inspect.Zone).Format(time.DateOnly) + "起"
			}
			dead = append(dead, fmt.Sprintf("%s：%d 个账号的来源%s全部失效", p.Chinese(), t.accounts, since))
		}
	}
	if len(dead) == 0 {
		_, err := s.st.EndIncident(ctx, "collector", s.now())
		return err
	}
	isNew, err := s.st.OpenIncident(ctx, "collector", strings.Join(dead, "；")+"。请检查密钥、白名单和接口", s.now())
	if isNew {
		s.log.Error("all collectors of a platform are dead", "platforms", len(dead))
	}
	return err
}
