package soak

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const sites = 60

// timetable makes fifteen weeks of half an hour: each site is crawled every two
// minutes instead of every week, its lists are looked at as often, its home page
// every minute.
var timetable = map[string]string{"probe": "* * * * *", "columns": "*/2 * * * *", "crawl": "*/2 * * * *", "links": "*/5 * * * *", "confirm": "*/5 * * * *", "prune": "*/5 * * * *", "canary": "*/10 * * * *"}

// A measure is one of those that must not grow: how much more its last third
// may be than its second, by the median.
type measure struct {
	name, metric string
	scale        float64
	share        float64 // of the second third
	slack        float64 // and so much more
}

var measures = []measure{
	{"goroutines", "go_goroutines", 1, 0.10, 20},
	{"open descriptors", "process_open_fds", 1, 0.10, 20},
	{"resident memory, MB", "process_resident_memory_bytes", 1 << 20, 0.15, 20},
	{"heap in use, MB", "go_memstats_heap_inuse_bytes", 1 << 20, 0.15, 20},
	{"series of /metrics", "", 1, 0.05, 50},
}

// changing is a district of sites of which each changes every minute: news
// comes and old news goes, files come and break.
func changing(asked *atomic.Int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		minute := int(time.Now().Unix() / 60)
		page := func(body string) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<!DOCTYPE html><html lang="zh-CN"><head><title>%s</title></head><body>%s<ul><li><a href="/">首页</a></li><li><a href="/xw/">要闻</a></li></ul></body></html>`, r.Host, body)
		}
		var n int
		switch {
		case r.URL.Path == "/", r.URL.Path == "/xw/":
			var b strings.Builder
			for i := range 20 {
				fmt.Fprintf(&b, `<li><a href="/xw/%d.html">第%d次会议召开</a><span>%s</span></li>`, minute-i, minute-i, time.Now().AddDate(0, 0, -i).Format(time.DateOnly))
			}
			page("<ul>" + b.String() + "</ul>")
		case func() bool { _, err := fmt.Sscanf(r.URL.Path, "/xw/%d.html", &n); return err == nil }() && minute-n < 40:
			page(fmt.Sprintf(`<h1>第%d次会议召开</h1><p>会议研究部署有关工作，第%d分钟。</p><a href="/f/%d.pdf">附件</a><img src="/i/%d.png" alt="图">`, n, minute, n, n))
		case strings.HasPrefix(r.URL.Path, "/i/"), strings.HasPrefix(r.URL.Path, "/f/") && minute%7 != 0:
			w.Write(make([]byte, 20<<10))
		default:
			w.WriteHeader(http.StatusNotFound)
			page("<p>页面不存在</p>")
		}
	})
}

func config(addr string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "crawl: {rate: -1, concurrency: 2, allow_networks: [127.0.0.0/8]}\ncontrol: [\"http://%s/robots.txt\"]\nresolve:\n", addr)
	for i := range sites {
		fmt.Fprintf(&b, "  s%02d.soak.gov.test: %s\n", i, addr)
	}
	b.WriteString("sites:\n")
	for i := range sites {
		fmt.Fprintf(&b, "  - {id: s%02d, home: \"http://s%02d.soak.gov.test/\", columns: [{name: 要闻, url: /xw/, genre: news}]}\n", i, i)
	}
	b.WriteString("schedules:\n")
	for _, kind := range []string{"probe", "columns", "crawl", "links", "accounts", "deep", "confirm", "bulletin", "prune", "canary"} {
		if spec, ok := timetable[kind]; ok {
			fmt.Fprintf(&b, "  - {kind: %s, cron: %q, jitter: 0s}\n", kind, spec)
		} else {
			fmt.Fprintf(&b, "  - {kind: %s, off: true}\n", kind)
		}
	}
	return b.Bytes()
}

// TestSoak runs as long as XUNJIAN_SOAK says; make soak.
func TestSoak(t *testing.T) {
	long, err := time.ParseDuration(os.Getenv("XUNJIAN_SOAK"))
	if err != nil {
		t.Skip("takes half an hour: make soak")
	}
	var asked atomic.Int64
	srv := httptest.NewServer(changing(&asked))
	defer srv.Close()
	dir := t.TempDir()
	file, data, bin := filepath.Join(dir, "c.yaml"), filepath.Join(dir, "data"), filepath.Join(dir, "xunjian")
	if err := os.WriteFile(file, config(strings.TrimPrefix(srv.URL, "http://")), 0o644); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", bin, "./cmd/xunjian")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	metrics := free(t)
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	serve := exec.Command(bin, "serve", "-c", file, "--data", data, "--listen", free(t), "--metrics", metrics)
	serve.Stdout, serve.Stderr = log, log
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	defer serve.Process.Kill()
	samples := map[string][]float64{}
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	began := time.Now()
	for range tick.C {
		s, err := scrape("http://" + metrics + "/metrics")
		if err != nil {
			if time.Since(began) > time.Minute {
				t.Fatalf("it does not answer: %v\n%s", err, tail(log.Name()))
			}
			continue
		}
		for _, m := range measures {
			samples[m.name] = append(samples[m.name], s[m.metric]/m.scale)
		}
		samples["jobs"] = append(samples["jobs"], s["jobs"])
		if time.Since(began) > long {
			break
		}
	}
	serve.Process.Signal(syscall.SIGTERM)
	stopped := make(chan error, 1)
	go func() { stopped <- serve.Wait() }()
	select {
	case err := <-stopped:
		if err != nil {
			t.Errorf("it ended with %v\n%s", err, tail(log.Name()))
		}
	case <-time.After(time.Minute):
		t.Error("it did not stop within a minute")
	}
	jobs := samples["jobs"][len(samples["jobs"])-1]
	fmt.Printf("%s, %d sites, %d requests answered, %.0f jobs ended, %d MB of data\n", long, sites, asked.Load(), jobs, size(data)>>20)
	if jobs < long.Minutes()*sites {
		t.Errorf("only %.0f jobs ended", jobs)
	}
	fmt.Printf("%-22s %10s %10s %10s %10s %12s\n", "", "first", "second", "third", "most", "bound")
	for _, m := range measures {
		v := samples[m.name]
		a, b, c := median(v[:len(v)/3]), median(v[len(v)/3:2*len(v)/3]), median(v[2*len(v)/3:])
		bound := b*(1+m.share) + m.slack
		fmt.Printf("%-22s %10.0f %10.0f %10.0f %10.0f %12.0f\n", m.name, a, b, c, slices.Max(v), bound)
		if c > bound {
			t.Errorf("%s grow: %.0f in the second third, %.0f in the last", m.name, b, c)
		}
		if a == 0 {
			t.Errorf("%s were not measured", m.name)
		}
	}
}

// scrape reads the sum of each metric; "" is how many series there are, "jobs"
// how many jobs ended.
func scrape(url string) (map[string]float64, error) {
	res, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	out := map[string]float64{}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			continue
		}
		i := strings.LastIndexByte(line, ' ')
		v, err := strconv.ParseFloat(line[i+1:], 64)
		if err != nil {
			continue
		}
		name, _, _ := strings.Cut(line[:i], "{")
		out[""]++
		out[name] += v
		if name == "xunjian_jobs_total" {
			out["jobs"] += v
		}
	}
	return out, lines.Err()
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

func free(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func size(dir string) (n int64) {
	filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			if i, err := d.Info(); err == nil {
				n += i.Size()
			}
		}
		return nil
	})
	return n
}

func tail(name string) []byte {
	b, _ := os.ReadFile(name)
	return b[max(0, len(b)-2000):]
}
