package store

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
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// errNoPostgres says that PostgreSQL is not installed.
var errNoPostgres = errors.New("PostgreSQL is not installed (Debian: apt-get install postgresql)")

// A cluster is a PostgreSQL of our own for the time of the tests.
type cluster struct {
	dir   string
	stdin io.Closer // closing it, or our death, stops the server
	cmd   *exec.Cmd
}

var (
	theCluster = sync.OnceValues(startCluster)
	started    atomic.Pointer[cluster]
	databases  atomic.Int64
)

func TestMain(m *testing.M) {
	if id := os.Getenv("XUNJIAN_TEST_CHILD"); id != "" {
		child(id)
		return
	}
	code := m.Run()
	if c := started.Load(); c != nil {
		if err := errors.Join(c.stdin.Close(), c.cmd.Wait(), os.RemoveAll(c.dir)); err != nil {
			fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		}
	}
	os.Exit(code)
}

// postgres is the address of a new, empty database.
func postgres(t testing.TB) string {
	t.Helper()
	c, err := theCluster()
	if errors.Is(err, errNoPostgres) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprint("x", databases.Add(1))
	db, err := sql.Open("pgx", c.address("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return c.address(name)
}

func (c *cluster) address(name string) string {
	return "postgres://xunjian@/" + name + "?host=" + url.QueryEscape(c.dir)
}

// startCluster starts a server on a socket in a directory of its own. It
// refuses to run as root, so root lends it another user.
func startCluster() (*cluster, error) {
	bins, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(bins) == 0 {
		return nil, errNoPostgres
	}
	bin := slices.Max(bins)
	dir, err := os.MkdirTemp("/tmp", "xunjian-pg-")
	if err != nil {
		return nil, err
	}
	var as *syscall.SysProcAttr
	if os.Getuid() == 0 {
		uid, gid, err := otherUser()
		if err != nil {
			return nil, err
		}
		if err := os.Chown(dir, uid, gid); err != nil {
			return nil, err
		}
		as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "xunjian", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = as, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	// The shell stops the server when its input ends, however we end.
	cmd := exec.Command("sh", "-c", `"$0" "$@" & p=$!; read x; kill -INT $p; wait $p; exit 0`,
		filepath.Join(bin, "postgres"), "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=300")
	cmd.SysProcAttr, cmd.Dir = as, dir
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &cluster{dir: dir, stdin: stdin, cmd: cmd}
	started.Store(c)
	return c, c.wait()
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
	return 0, 0, errNoPostgres
}

// wait waits until the server answers.
func (c *cluster) wait() error {
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
