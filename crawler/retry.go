package crawler

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/failsafehttp"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
)

// newRetry asks twice more, a moment later each time, where another answer is
// likely: dropped connections, time-outs, 429 and failures of the server.
func newRetry(next http.RoundTripper, w Watcher) http.RoundTripper {
	policy := retrypolicy.NewBuilder[*http.Response]().
		HandleIf(worthAnother).
		WithMaxRetries(1).
		ReturnLastFailure().
		WithBackoff(200*time.Millisecond, 2*time.Second).
		WithDelayFunc(func(e failsafe.ExecutionAttempt[*http.Response]) time.Duration {
			if res := e.LastResult(); res != nil {
				if d, ok := retryAfter(res); ok {
					return d
				}
			}
			return -1 // the backoff above
		}).
		Build()
	return &quickRetry{next: next, slow: failsafehttp.NewRoundTripper(next, policy), watch: w}
}

// quickRetry spares the usual case the machinery: only a first answer that is
// worth another goes through the policy.
type quickRetry struct {
	next, slow http.RoundTripper
	watch      Watcher
}

func (q *quickRetry) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := q.next.RoundTrip(req)
	if req.Method == http.MethodHead || !worthAnother(res, err) { // a failed HEAD is followed by a GET anyway
		return res, err
	}
	q.tell(res, err)
	if res != nil {
		res.Body.Close()
	}
	wait := time.NewTimer(100 * time.Millisecond)
	defer wait.Stop()
	select {
	case <-wait.C:
		return q.slow.RoundTrip(req)
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

func (q *quickRetry) tell(res *http.Response, err error) {
	switch {
	case q.watch == nil:
	case err != nil:
		q.watch.Retried(outcomeOf(err))
	default:
		q.watch.Retried(outcomeOfStatus(res.StatusCode))
	}
}

// tooLong reports whether the server wants more patience than a run has.
func tooLong(res *http.Response) bool {
	if res == nil {
		return false
	}
	d, ok := retryAfter(res)
	return ok && d > maxPause
}

func worthAnother(res *http.Response, err error) bool {
	if err != nil {
		var dns *net.DNSError
		switch {
		case errors.Is(err, context.Canceled), errors.Is(err, errPrivate), errors.Is(err, errTooLarge), errors.Is(err, errRobots), errors.Is(err, errTired), errors.Is(err, errSilent):
			return false
		case errors.As(err, &dns):
			return !dns.IsNotFound
		case isTLS(err):
			return false
		}
		return true
	}
	switch res.StatusCode {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return !tooLong(res)
	}
	return false
}
