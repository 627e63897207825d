package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/xunjian/xunjian/schedule"
)

// A listed site has a page with links of which one is broken, and counts what
// it is asked for.
type listed struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string]int
}

func newListed(t *testing.T) *listed {
	l := &listed{asked: map[string]int{}}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		l.asked[r.URL.Path]++
		l.mu.Unlock()
		switch {
		case r.URL.Path == "/":
			fmt.Fprint(w, `<!DOCTYPE html><meta charset="utf-8"><title>示例县人民政府</title><p>首页</p>`)
			for i := range 5 {
				fmt.Fprintf(w, `<img src="/i%d.png" alt="图"><a href="/gone.mp4">视频</a>`, i)
			}
		case !strings.HasSuffix(r.URL.Path, ".png"):
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(l.Close)
	return l
}

// inspect makes an inspection and returns its findings and what was asked.
func (l *listed) inspect(t *testing.T, data string, flags ...string) (findings string, asked map[string]int) {
	t.Helper()
	l.mu.Lock()
	clear(l.asked)
	l.mu.Unlock()
	var out, errs bytes.Buffer
	args := append([]string{"inspect", "--data", data, "--allow", "127.0.0.0/8", "--rate", "-1", "--no-discover", "-q", "--now", "2026-11-24", "--format", "json"}, flags...)
	if code := run(t.Context(), append(args, l.URL+"/"), nil, &out, &errs); code != exitFindings {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	var x struct {
		Links    json.RawMessage
		Findings []struct{ Check, URL, Locus, Message string }
	}
	if err := json.Unmarshal(out.Bytes(), &x); err != nil {
		t.Fatal(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return fmt.Sprint(string(x.Links), x.Findings), maps.Clone(l.asked)
}

// Links that opened lately are not asked again if that is wanted; what was
// broken is, and the findings are the same.
func TestLinkAge(t *testing.T) {
	t.Parallel()
	l, data := newListed(t), t.TempDir()
	want, _ := l.inspect(t, data)
	if !strings.Contains(want, "link-broken") {
		t.Fatalf("no broken link: %s", want)
	}
	for _, x := range []struct {
		name  string
		flags []string
		again bool
	}{
		{"by default all are asked", nil, true},
		{"lately", []string{"--link-age", "1h"}, false},
		{"lately, as the inspection before the last told", []string{"--link-age", "1h"}, false},
		{"too long ago", []string{"--link-age", "1ns"}, true},
		{"all anew", []string{"--link-age", "1h", "--full"}, true},
	} {
		got, asked := l.inspect(t, data, x.flags...)
		if again := asked["/i0.png"] > 0; again != x.again {
			t.Errorf("%s: asked again is %v", x.name, again)
		}
		if asked["/gone.mp4"] == 0 || asked["/"] == 0 {
			t.Errorf("%s: the page and what is broken were not asked: %v", x.name, asked)
		}
		if got != want {
			t.Errorf("%s:\n%s\nwant\n%s", x.name, got, want)
		}
	}
}

// An inspection beside a service takes a site that no job has, and no other.
func TestInspectBesideService(t *testing.T) {
	t.Parallel()
	l, data := newListed(t), t.TempDir()
	queue, err := schedule.New(t.Context(), schedule.Config{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer queue.Close()
	_, giveBack, err := queue.Borrow(t.Context(), strings.TrimPrefix(l.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	args := []string{"inspect", "--data", data, "--allow", "127.0.0.0/8", "--rate", "-1", "--no-discover", "-q", l.URL + "/"}
	if code := run(t.Context(), args, nil, &out, &errs); code != exitIncomplete || !strings.Contains(errs.String(), schedule.ErrHeld.Error()) {
		t.Errorf("exit %d: %s", code, errs.String())
	}
	if len(l.asked) > 0 {
		t.Errorf("the site was asked: %v", l.asked)
	}
	giveBack()
	if _, asked := l.inspect(t, data); asked["/"] == 0 {
		t.Error("the site was given back and not asked")
	}
}
