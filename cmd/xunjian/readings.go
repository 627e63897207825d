package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// readings lets an inspection of a whole site use what the last one made of
// unchanged pages, unless that may not be asked, and returns the key under
// which its own readings are kept.
func readings(ctx context.Context, st *store.Store, rules *inspect.Rulebook, s *inspect.Site, now time.Time, o *crawler.Options) (key string, err error) {
	program, err := programDigest()
	if err != nil {
		return "", nil // every page is read, then
	}
	if key, err = inspect.ReadingKey(program, rules, s); err != nil {
		return "", err
	}
	if o.Cache == nil || o.Deep != nil {
		return key, nil
	}
	last, err := st.Earlier(ctx, s.ID, key, now)
	if err != nil {
		return "", err
	}
	o.Cache = last
	return key, nil
}

// programDigest is the digest of the program that runs: another build may
// have other checks, whatever its version says.
var programDigest = sync.OnceValues(func() (string, error) {
	f, err := os.Open("/proc/self/exe") // the one that runs, even if another has taken its place
	if err != nil {
		name, xerr := os.Executable()
		if xerr != nil {
			return "", fmt.Errorf("the program's own file: %w", xerr)
		}
		if f, err = os.Open(name); err != nil {
			return "", fmt.Errorf("the program's own file: %w", err)
		}
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("the program's own file: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
})
