package store

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/xunjian/xunjian/inspect"
)

// body is what page n of a child holds: too long to be written at once.
func body(n int) string { return fmt.Sprintf("<p>%d</p>", n) + strings.Repeat("巡检", n%5000) }

// child records pages until it is killed, and says how far it is.
func child(id string) {
	ctx := context.Background()
	s, err := Open(ctx, os.Getenv("XUNJIAN_TEST_DIR"), os.Getenv("XUNJIAN_TEST_DATABASE"))
	if err == nil {
		err = s.Begin(ctx, header(id))
	}
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	r := s.Recorder(id)
	for n := 0; ; n++ {
		if err := errors.Join(r.Event(ctx, page(n, body(n))), r.Event(ctx, fine(n))); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		if n%100 == 0 {
			fmt.Println("at", n)
		}
	}
}

// killed runs a child and kills it, without a chance to tidy up, when it said
// that it recorded n pages.
func killed(dir, database, id string, n int) error {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "XUNJIAN_TEST_CHILD="+id, "XUNJIAN_TEST_DIR="+dir, "XUNJIAN_TEST_DATABASE="+database)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		at := -1
		if _, err := fmt.Sscanf(lines.Text(), "at %d", &at); err != nil {
			return errors.Join(fmt.Errorf("child: %s", lines.Text()), cmd.Wait())
		}
		if at >= n {
			break
		}
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		return err
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.Exited() {
		return fmt.Errorf("child ended by itself: %v", err)
	}
	return nil
}

// Two processes record at once and are killed in the middle. What was
// committed is whole, the store opens again, and the inspections go on.
func TestKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dir, database string) {
		open(t, dir, database) // the second process of three
		var wg sync.WaitGroup
		for i := range 2 {
			wg.Go(func() {
				if err := killed(dir, database, fmt.Sprint("i", i), 2500); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		s := open(t, dir, database)
		for i := range 2 {
			id := fmt.Sprint("i", i)
			pages := 0
			for e, err := range s.Events(context.Background(), id) {
				if err != nil {
					t.Fatal(err)
				}
				if e.Page != nil {
					if string(e.Page.Raw) != body(pages) {
						t.Fatalf("page %d is not what was recorded", pages)
					}
					pages++
				}
			}
			// The queue holds at most queueLen events that nobody committed, a batch more.
			if pages < 2500-queueLen-batchRows {
				t.Errorf("%s: %d pages are left of 2500", id, pages)
			}
			r := s.Recorder(id)
			record(t, r, page(pages, body(pages)))
			if err := r.Finish(context.Background(), result(id)); err != nil {
				t.Error(err)
			}
		}
	})
}

// Evidence that is cut, changed or gone is noticed, and never overwritten.
func TestDamagedEvidence(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	s := open(t, dir, "")
	raw := strings.Repeat("政务公开 ", 3000)
	r := begin(t, s, "i1")
	record(t, r, page(1, raw))
	if err := r.Finish(ctx, result("i1")); err != nil {
		t.Fatal(err)
	}
	digest := digestOf([]byte(raw))
	row, err := s.locate(ctx, digest)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "evidence", row.Pack)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Clone(whole)
	copy(changed[row.At:], s.ev.encoder.EncodeAll([]byte("something else"), nil))
	for name, data := range map[string][]byte{"cut": whole[:len(whole)/2], "changed": changed, "empty": {}, "gone": nil} {
		if err := s.ev.close(); err != nil { // forget the open file
			t.Fatal(err)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if data != nil {
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Body(ctx, digest); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: Body = %v", name, err)
		}
		var last error
		for _, err := range s.Events(ctx, "i1") {
			last = err
		}
		if !errors.Is(last, ErrDamaged) {
			t.Errorf("%s: Events end in %v", name, last)
		}
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r = begin(t, s, "i2")
	record(t, r, page(1, raw))
	if err := r.Finish(ctx, result("i2")); err != nil {
		t.Fatal(err)
	}
	if again, err := s.locate(ctx, digest); err != nil || *again != *row {
		t.Errorf("evidence moved from %+v to %+v, %v", row, again, err)
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, whole) {
		t.Error("evidence was overwritten")
	}
	if _, err := s.Body(ctx, "sha256:../../etc/passwd"); err == nil {
		t.Error("a digest that is a path")
	}
}

// A body that is not that of its digest would accuse on false evidence: it is
// noticed when it is read, and a digest that is none is never recorded.
func TestWrongDigest(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := open(t, t.TempDir(), "")
	r := begin(t, s, "i1")
	e := page(1, "one")
	e.Page.Raw = []byte("another")
	record(t, r, e)
	if err := r.Finish(ctx, result("i1")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Body(ctx, e.Page.Digest); !errors.Is(err, ErrDamaged) {
		t.Errorf("Body = %v", err)
	}
	r = begin(t, s, "i2")
	e = page(1, "one")
	e.Page.Digest = "sha256:../../../escape"
	record(t, r, e)
	if err := r.Finish(ctx, result("i2")); err == nil {
		t.Error("a digest that is a path was recorded")
	}
	if h, err := s.Inspection(ctx, "i2"); err != nil || h.Done {
		t.Errorf("the inspection is done: %+v, %v", h, err)
	}
}

// A full disk ends the inspection with an error that says what to do, and
// what was committed stays readable.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "small")
	if err := os.Mkdir(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skip("no small file system to fill: mounting needs root: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	s, err := Open(context.Background(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	r := begin(t, s, "i1")
	recorded := 0
	for n := range 100000 {
		raw := make([]byte, 4000)
		for i := range raw { // what does not compress
			raw[i] = byte((n*7919 + i*i*31 + i*n) >> 3)
		}
		if err = r.Event(context.Background(), page(n, string(raw))); err != nil {
			break
		}
		recorded++
	}
	finish := r.Finish(context.Background(), result("i1"))
	for _, err := range []error{err, finish} {
		if err == nil || !strings.Contains(err.Error(), "磁盘已满") || !strings.Contains(err.Error(), dir) {
			t.Errorf("after %d pages: %v, want words about the full disk", recorded, err)
		}
	}
	for _, err := range s.Events(context.Background(), "i1") {
		if err != nil {
			t.Error(err)
		}
	}
	s.Close() // may fail: there is no room to tidy up
}

// A database that dies under an inspection is told of.
func TestDeadDatabase(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dir, database string) {
		s, err := Open(context.Background(), dir, database)
		if err != nil {
			t.Fatal(err)
		}
		r := begin(t, s, "i1")
		record(t, r, fine(1))
		if err := s.db.Close(); err != nil {
			t.Fatal(err)
		}
		if err := r.Finish(context.Background(), result("i1")); err == nil {
			t.Error("Finish on a closed database")
		}
		if err := r.Event(context.Background(), fine(2)); err == nil {
			t.Error("Event on a closed database")
		}
	})
}

// What recorders hold is written when the store closes.
func TestCloseFlushes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := Open(context.Background(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	record(t, begin(t, s, "i1"), sample()...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := events(t, open(t, dir, ""), "i1"); len(got) != len(sample()) {
		t.Errorf("%d events, want %d", len(got), len(sample()))
	}
}

var _ inspect.Recorder = (*Recorder)(nil)
