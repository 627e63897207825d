package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/cmd/xunjian/portal"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// A result is what the test reads of an inspection's JSON.
type result struct {
	Complete bool `json:"complete"`
	Findings []struct {
		Check       string `json:"check"`
		Fingerprint string `json:"fingerprint"`
		URL         string `json:"url"`
		Locus       string `json:"locus"`
		Places      int    `json:"places"`
	} `json:"findings"`
}

// faults are the findings by what identifies them.
func (r *result) faults() map[string]int {
	out := map[string]int{}
	for _, f := range r.Findings {
		out[f.Check+" "+f.Fingerprint] = f.Places
	}
	return out
}

// child is xunjian inspect as a process of its own.
func child(t *testing.T, dir string, extra ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "xunjian", append([]string{"inspect", "-c", filepath.Join(dir, "site.yaml"), "--data", filepath.Join(dir, "data"), "-q", "--format", "json", "--parallel", "2"}, extra...)...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	return cmd, &out
}

// finish waits for a child that ends by itself with findings.
func finish(t *testing.T, cmd *exec.Cmd, out *bytes.Buffer) *result {
	t.Helper()
	if err := cmd.Run(); exitOf(err) != exitFindings {
		t.Fatalf("xunjian inspect: %v", err)
	}
	var r result
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	return &r
}

func exitOf(err error) int {
	var x *exec.ExitError
	if errors.As(err, &x) {
		return x.ExitCode()
	}
	return 0
}

// A killed inspection loses nothing that was stored: what goes on with --resume
// ends as one that was never stopped, and asks for no stored page again.
func TestKilledInspectionResumes(t *testing.T) {
	p := portal.New(time.Date(2026, 11, 24, 9, 0, 0, 0, inspect.Zone))
	s := newSlow(p, 20*time.Millisecond)
	defer s.Close()
	whole, broken := t.TempDir(), t.TempDir()
	for _, dir := range []string{whole, broken} {
		if err := os.WriteFile(filepath.Join(dir, "site.yaml"), p.Config(s.addr), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd, out := child(t, whole, "--now", "2026-11-24")
	want := finish(t, cmd, out)

	start := s.total
	cmd, _ = child(t, broken, "--now", "2026-11-24")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if !s.reaches(start+start*2/3, time.Minute) {
		t.Fatal("the inspection did not get far enough")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // it was killed
	kept := stored(t, filepath.Join(broken, "data"))
	half := s.counts()

	cmd, out = child(t, broken, "--resume")
	got := finish(t, cmd, out)
	if !got.Complete {
		t.Error("the resumed inspection is not complete")
	}
	if diff := cmp.Diff(want.faults(), got.faults()); diff != "" {
		t.Errorf("findings of the uninterrupted and of the resumed inspection (-want +got):\n%s", diff)
	}
	end := s.counts()
	for _, u := range kept {
		key := strings.TrimPrefix(u, "http://")
		if key == portal.Host+"/" {
			continue // links checked after the kill are redirected to it
		}
		if key == portal.Host+"/elder.html" && end[key] == half[key]+1 {
			continue // elder-page opens it, once, when all pages are known
		}
		if end[key] > half[key] {
			t.Errorf("%s was stored before the kill and asked for again", u)
		}
	}
	if len(kept) < 40 {
		t.Errorf("only %d addresses were stored before the kill", len(kept))
	}
}

// stored are the addresses that a killed inspection left in its store.
func stored(t *testing.T, data string) (out []string) {
	t.Helper()
	st, err := store.Open(t.Context(), data, "")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	h, err := st.Unfinished(t.Context(), "qinglan")
	if err != nil || h == nil {
		t.Fatalf("unfinished inspection: %v, %v", h, err)
	}
	for e, err := range st.Events(t.Context(), h.ID) {
		switch {
		case err != nil:
			t.Fatal(err)
		case e.Page != nil:
			out = append(out, e.Page.URL)
		case e.Target != nil:
			out = append(out, e.Target.URL)
		}
	}
	return out
}
