package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

// A key is one request's, until its answer is a day old or never came.
func TestAnswers(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		claim := func(person, request string, at time.Time) *inspect.Answer {
			t.Helper()
			a, err := s.ClaimAnswer(t.Context(), person, "k", request, at)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		if claim("p", "one", t0) != nil || claim("q", "one", t0) != nil {
			t.Fatal("a new key is taken already")
		}
		if a := claim("p", "two", t0); a == nil || a.Request != "one" || a.Status != 0 {
			t.Errorf("while it is being made: %+v", a)
		}
		if claim("p", "two", t0.Add(answerGiven+time.Second)) != nil {
			t.Error("who died keeps a key")
		}
		want := &inspect.Answer{Request: "two", Status: 200, Header: map[string]string{"ETag": `"2"`}, Body: "{\"why\":\"长\"}"}
		if err := s.KeepAnswer(t.Context(), "p", "k", want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, claim("p", "three", t0.Add(time.Hour))); diff != "" {
			t.Error(diff)
		}
		if claim("p", "three", t0.Add(answerKept+time.Hour)) != nil {
			t.Error("an old answer is kept")
		}
		if err := s.KeepAnswer(t.Context(), "p", "k", nil); err != nil || claim("p", "four", t0.Add(answerKept+time.Hour)) != nil {
			t.Errorf("a key that was given back: %v", err)
		}
	})
}
