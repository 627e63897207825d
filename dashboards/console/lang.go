package console

import (
	"errors"

	"github.com/xunjian/xunjian/dashboards/words"
	"github.com/xunjian/xunjian/inspect"
)

// tr is a text in the language of whoever asks.
func (q *request) tr(key string, a ...any) string { return words.In(q.lang, key, a...) }

// words is a word in the language of whoever asks.
func (q *request) words(key string) string { return q.tr(key) }

// said is what went wrong, in the language of whoever asks.
func (q *request) said(err error) string {
	var no *inspect.Refusal
	if errors.As(err, &no) {
		return words.Refusal(q.lang, no)
	}
	return q.tr(plain(err))
}
