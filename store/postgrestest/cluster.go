// Package postgrestest starts a PostgreSQL of our own for tests: Debian's
// binaries, a directory and a socket that nobody else has, no port.
package postgrestest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// ErrNone says that PostgreSQL is not installed.
var ErrNone = errors.New("PostgreSQL is not installed (Debian: apt-get install postgresql)")

// A Cluster is a running server.
type Cluster struct {
	dir, bin string
	as       *syscall.SysProcAttr
	stdin    io.Closer // closing it, or our death, stops the server
	cmd      *exec.Cmd
	made     atomic.Int64 // databases
}

var (
	shared  = sync.OnceValues(Start)
	running atomic.Pointer[Cluster]
)

// Database is the address of a new, empty database on a server that the
// package's tests share. A test is skipped where PostgreSQL is not installed.
func Database(t testing.TB) string {
	t.Helper()
	c, err := shared()
	if errors.Is(err, ErrNone) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	running.Store(c)
	a, err := c.Create(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Main runs tests and stops the shared server; it returns the exit code.
func Main(m *testing.M) int {
	code := m.Run()
	if c := running.Load(); c != nil {
		if err := c.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		}
	}
	return code
}

// Create makes a database and returns its address.
func (c *Cluster) Create(ctx context.Context) (string, error) {
	name := fmt.Sprint("x", c.made.Add(1))
	db, err := sql.Open("pgx", c.address("postgres"))
	if err != nil {
		return "", err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, "CREATE DATABASE "+name)
	return c.address(name), err
}

func (c *Cluster) address(name string) string {
	return "postgres://xunjian@/" + name + "?host=" + url.QueryEscape(c.dir)
}

// Start makes a server on a socket in a directory of its own. PostgreSQL
// refuses to run as root, so root lends it another user.
func Start() (*Cluster, error) {
	bins, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(bins) == 0 {
		return nil, ErrNone
	}
	dir, err := os.MkdirTemp("/tmp", "xunjian-pg-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, bin: slices.Max(bins)}
	if os.Getuid() == 0 {
		uid, gid, err := otherUser()
		if err != nil {
			return nil, err
		}
		if err := os.Chown(dir, uid, gid); err != nil {
			return nil, err
		}
		c.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	initdb := exec.Command(filepath.Join(c.bin, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "xunjian", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = c.as, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	return c, c.run()
}

// run starts the server. The shell stops it when its input ends, however we end.
func (c *Cluster) run() error {
	cmd := exec.Command("sh", "-c", `"$0" "$@" & p=$!; read x; kill -INT $p; wait $p; exit 0`,
		filepath.Join(c.bin, "postgres"), "-D", filepath.Join(c.dir, "data"), "-k", c.dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=300")
	cmd.SysProcAttr, cmd.Dir = c.as, c.dir
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	c.stdin, c.cmd = stdin, cmd
	return c.wait()
}

// Restart stops the server, with all connections cut, and starts it again
// after a pause.
func (c *Cluster) Restart(pause time.Duration) error { return c.Away(make(chan bool, 1), pause) }

// Away is Restart that tells when the server is gone.
func (c *Cluster) Away(gone chan<- bool, pause time.Duration) error {
	err := errors.Join(c.stdin.Close(), c.cmd.Wait())
	gone <- true
	if err != nil {
		return err
	}
	time.Sleep(pause)
	return c.run()
}

// Stop stops the server and removes all it had.
func (c *Cluster) Stop() error {
	return errors.Join(c.stdin.Close(), c.cmd.Wait(), os.RemoveAll(c.dir))
}

// CPU is the processor time of the server so far.
func (c *Cluster) CPU() time.Duration {
	var ticks int64
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		cwd, err := os.Readlink(filepath.Join(filepath.Dir(file), "cwd"))
		if err != nil || cwd != filepath.Join(c.dir, "data") {
			continue
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			continue // it ended meanwhile
		}
		_, rest, _ := strings.Cut(string(raw), ") ")
		f := strings.Fields(rest) // from the third field on: utime is the 14th
		for i := 11; i < 15 && len(f) > 14; i++ {
			n, _ := strconv.ParseInt(f[i], 10, 64)
			ticks += n
		}
	}
	return time.Duration(ticks) * time.Second / 100
}

func otherUser() (uid, gid int, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, lookup := user.Lookup(name)
		if lookup != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		return uid, gid, errors.Join(err1, err2)
	}
	return 0, 0, ErrNone
}

// wait waits until the server answers.
func (c *Cluster) wait() error {
	db, err := sql.Open("pgx", c.address("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if err = db.PingContext(ctx); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not answer: %w", err)
		case <-tick.C:
		}
	}
}
