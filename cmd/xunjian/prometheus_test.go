package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// watch starts Debian's Prometheus and Alertmanager with our rules and our
// example, every wait of which is cut to a second.
func (o *observed) watch() {
	t := o.t
	mail := listen()
	t.Cleanup(func() { mail.Close() })
	go o.told.mail(mail)
	hook := httptest.NewServer(o.told)
	t.Cleanup(hook.Close)
	o.alertmanager, o.prometheus = "http://"+free(), "http://"+free()
	write := func(name, text string) string {
		file := filepath.Join(o.dir, name)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return file
	}
	example := read(t, "../../dashboards/alertmanager/alertmanager.yml")
	example = strings.NewReplacer("http://127.0.0.1:9099", hook.URL, "127.0.0.1:25", mail.Addr().String()).Replace(example)
	example = regexp.MustCompile(`(group_wait|group_interval): \w+`).ReplaceAllString(example, "$1: 1s")
	am := write("alertmanager.yml", example)
	rules := regexp.MustCompile(`(for|interval): \w+`).ReplaceAllString(read(t, "../../dashboards/prometheus/rules.yml"), "$1: 1s")
	write("rules.yml", rules)
	config := strings.NewReplacer("scrape_interval: 30s, evaluation_interval: 30s", "scrape_interval: 1s, evaluation_interval: 1s", "scrape_interval: 2m", "scrape_interval: 1s",
		`targets: []`, `targets: ["`+o.other+`"]`, "127.0.0.1:9464", o.metrics, "127.0.0.1:9093", strings.TrimPrefix(o.alertmanager, "http://"),
		"127.0.0.1:9090", strings.TrimPrefix(o.prometheus, "http://")).Replace(read(t, "../../dashboards/prometheus/prometheus.yml"))
	pm := write("prometheus.yml", config)
	o.run("prometheus-alertmanager", "--config.file="+am, "--storage.path="+filepath.Join(o.dir, "am"), "--web.listen-address="+strings.TrimPrefix(o.alertmanager, "http://"), "--cluster.listen-address=")
	o.run("prometheus", "--config.file="+pm, "--storage.tsdb.path="+filepath.Join(o.dir, "tsdb"), "--web.listen-address="+strings.TrimPrefix(o.prometheus, "http://"), "--enable-feature=exemplar-storage")
	await(t, "Alertmanager", func() bool { return get(o.alertmanager+"/-/ready") == http.StatusOK })
	await(t, "Prometheus", func() bool { return get(o.prometheus+"/-/ready") == http.StatusOK })
	// What a counter did before its first scrape, nobody ever sees.
	await(t, "both processes are scraped", func() bool { return len(o.query("count_over_time(xunjian_build_info[1m]) > 1")) == 2 })
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// run starts a program that ends with the test.
func (o *observed) run(name string, args ...string) {
	o.t.Helper()
	log, err := os.Create(filepath.Join(o.dir, name+".log"))
	if err != nil {
		o.t.Fatal(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait(); log.Close() })
}

// A sample is a series with its value now.
type sample struct {
	Metric map[string]string
	Value  [2]any
}

func (s sample) number() float64 {
	v, err := strconv.ParseFloat(s.Value[1].(string), 64)
	if err != nil {
		return -1
	}
	return v
}

// api decodes what an API says; an answer that is none fails the test.
func (o *observed) api(u string, data any) {
	o.t.Helper()
	res, err := http.Get(u)
	if err != nil {
		o.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		o.t.Fatalf("%s: %d %s, %v", u, res.StatusCode, b, err)
	}
	if err := json.Unmarshal(b, data); err != nil {
		o.t.Fatal(err)
	}
}

// query runs an expression of PromQL.
func (o *observed) query(expr string) []sample {
	o.t.Helper()
	var out struct{ Data struct{ Result []sample } }
	o.api(o.prometheus+"/api/v1/query?query="+url.QueryEscape(expr), &out)
	return out.Data.Result
}

// span runs an expression over the last ten minutes, as a graph does.
func (o *observed) span(expr string) []sample {
	o.t.Helper()
	var out struct{ Data struct{ Result []sample } }
	now := time.Now().Unix()
	o.api(fmt.Sprintf("%s/api/v1/query_range?step=5&start=%d&end=%d&query=%s", o.prometheus, now-600, now, url.QueryEscape(expr)), &out)
	return out.Data.Result
}

type ruleGroup struct {
	Rules []struct{ Name, Type, Health, LastError string }
}

func (o *observed) rules() []ruleGroup {
	o.t.Helper()
	var out struct{ Data struct{ Groups []ruleGroup } }
	o.api(o.prometheus+"/api/v1/rules", &out)
	return out.Data.Groups
}

// firing reports whether an alert fires, with a value of a label if one is named.
func (o *observed) firing(alert, label, value string) bool {
	o.t.Helper()
	var out struct {
		Data struct {
			Alerts []struct {
				Labels map[string]string
				State  string
			}
		}
	}
	o.api(o.prometheus+"/api/v1/alerts", &out)
	for _, a := range out.Data.Alerts {
		if a.Labels["alertname"] == alert && a.State == "firing" && (label == "" || a.Labels[label] == value) {
			return true
		}
	}
	return false
}

// suppressed reports whether Alertmanager holds an alert back for another one.
func (o *observed) suppressed(alert string) bool {
	o.t.Helper()
	var out []struct {
		Labels map[string]string
		Status struct{ State string }
	}
	o.api(o.alertmanager+"/api/v2/alerts", &out)
	for _, a := range out {
		if a.Labels["alertname"] == alert && a.Status.State == "suppressed" {
			return true
		}
	}
	return false
}

// An inbox is a webhook and a mail server in one; it remembers which alert came how.
type inbox struct {
	mu  sync.Mutex
	got []string
}

func (b *inbox) add(s string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got = append(b.got, s)
}

func (b *inbox) has(alert, how string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Contains(b.got, alert+" "+how)
}

// ServeHTTP is the webhook.
func (b *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var m struct {
		Alerts []struct {
			Status string
			Labels map[string]string
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	for _, a := range m.Alerts {
		b.add(a.Labels["alertname"] + " " + a.Status)
	}
}

var alertName = regexp.MustCompile(`Xunjian[A-Za-z]+`)

// mail serves as much of SMTP as one client needs.
func (b *inbox) mail(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go b.session(c)
	}
}

func (b *inbox) session(c net.Conn) {
	defer c.Close()
	io.WriteString(c, "220 inbox\r\n")
	data := false
	for lines := bufio.NewScanner(c); lines.Scan(); {
		line := lines.Text()
		switch {
		case data && line == ".":
			data = false
			io.WriteString(c, "250 kept\r\n")
		case data:
			for _, name := range alertName.FindAllString(line, -1) {
				b.add(name + " mail")
			}
		case strings.HasPrefix(line, "DATA"):
			data = true
			io.WriteString(c, "354 go on\r\n")
		case strings.HasPrefix(line, "QUIT"):
			io.WriteString(c, "221 bye\r\n")
			return
		default:
			io.WriteString(c, "250 inbox\r\n")
		}
	}
}
