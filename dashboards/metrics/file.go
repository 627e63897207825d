package metrics

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/expfmt"
)

// CheckFile reports why [Metrics.WriteFile] could not write a file, as far as can
// be seen before there is anything to write.
func CheckFile(name string) error {
	if filepath.Ext(name) != ".prom" {
		return fmt.Errorf("write %s: the name has to end in .prom", name)
	}
	if info, err := os.Stat(filepath.Dir(name)); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	} else if !info.IsDir() {
		return fmt.Errorf("write %s: %s is no directory", name, filepath.Dir(name))
	}
	return nil
}

// WriteFile writes all metrics but those of Go and of the process, for the
// textfile collector of node_exporter: a run of a minute is over before anybody
// scrapes it. The file appears whole or not at all; its name ends in .prom, or
// the collector does not read it.
func (m *Metrics) WriteFile(name string) error {
	if err := CheckFile(name); err != nil {
		return err
	}
	families, err := m.registry.Gather()
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".xunjian-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer os.Remove(f.Name()) // gone already when all went well
	w := bufio.NewWriter(f)
	for _, x := range families {
		if !strings.HasPrefix(x.GetName(), Prefix) {
			continue // node_exporter has its own of these names
		}
		if _, err := expfmt.MetricFamilyToText(w, x); err != nil {
			return errors.Join(fmt.Errorf("write %s: %w", name, err), f.Close())
		}
	}
	err = errors.Join(w.Flush(), f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// Zero makes a counter's series begin at zero, for every combination of
// values: one that appears with its first event has no increase to tell of it.
func (m *Metrics) Zero(name string, values ...[]string) {
	sets := [][]string{{}}
	for _, vs := range values {
		var next [][]string
		for _, s := range sets {
			for _, v := range vs {
				next = append(next, append(s[:len(s):len(s)], v))
			}
		}
		sets = next
	}
	for _, s := range sets {
		m.counters[name].WithLabelValues(s...)
	}
}

// HTTP counts the requests that a handler serves, by the pattern that took them.
func (m *Metrics) HTTP(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		s := &status{ResponseWriter: w}
		next.ServeHTTP(s, r)
		pattern := cmp.Or(r.Pattern, "none")
		m.count("http_requests_total", 1, pattern, strconv.Itoa(cmp.Or(s.code, http.StatusOK)))
		m.observe(r.Context(), "http_request_duration_seconds", time.Since(begun), pattern)
	})
}

// status remembers the status of an answer.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	if s.code == 0 {
		s.code = code
	}
	s.ResponseWriter.WriteHeader(code)
}

// Unwrap is for http.ResponseController.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }
