package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// An inspection is begun, told of what was seen, finished, and read again.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "xunjian")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(ctx, dir, "") // SQLite in the directory
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	site := &inspect.Site{ID: "portal", Kind: inspect.Website, Home: "http://www.example.gov.cn/"}
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, inspect.Zone)
	if err := s.Begin(ctx, &store.Header{ID: "portal-1", Site: site, Now: now, Started: now}); err != nil {
		fmt.Println(err)
		return
	}
	r := s.Recorder("portal-1")
	raw := []byte("<title>首页</title>")
	sum := sha256.Sum256(raw)
	home := &inspect.Page{Target: inspect.Target{URL: site.Home, Status: 200, Verdict: inspect.Fine, Digest: "sha256:" + hex.EncodeToString(sum[:])}, Raw: raw}
	err = r.Event(ctx, inspect.Event{Page: home})
	if err == nil {
		err = r.Finish(ctx, &inspect.Inspection{Site: site, Now: now, Finished: now, Complete: true})
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	for e, err := range s.Events(ctx, "portal-1") {
		fmt.Println(e.Page.URL, string(e.Page.Raw), err)
	}
	// Output: http://www.example.gov.cn/ <title>首页</title> <nil>
}
