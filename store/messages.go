package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// A messageRow is a row of messages; body is what the message says.
type messageRow struct {
	bun.BaseModel `bun:"table:messages,alias:m"`

	ID       string `bun:",pk"`
	Channel  string
	Contact  string
	Subject  string
	Total    int
	Created  int64
	State    string
	Attempts int
	Next     int64
	Begun    int64
	Ended    int64
	Again    bool
	Error    string
	Body     string
}

// A messageBody is what only who sends a message needs of it.
type messageBody struct {
	Alerts []inspect.Alert           `json:"alerts"`
	Counts map[inspect.AlertKind]int `json:"counts"`
}

// head is a message without what it says.
func (r *messageRow) head() inspect.Message {
	return inspect.Message{ID: r.ID, Channel: r.Channel, Contact: r.Contact, Subject: r.Subject, Total: r.Total, Created: fromNanos(r.Created), State: inspect.MessageState(r.State),
		Attempts: r.Attempts, Next: fromNanos(r.Next), Begun: fromNanos(r.Begun), Ended: fromNanos(r.Ended), Again: r.Again, Error: r.Error}
}

func (r *messageRow) whole() (*inspect.Message, error) {
	var b messageBody
	if err := json.Unmarshal([]byte(r.Body), &b); err != nil {
		return nil, fmt.Errorf("message %s: %w", r.ID, err)
	}
	m := r.head()
	m.Alerts, m.Counts = b.Alerts, b.Counts
	return &m, nil
}

// errTold says that an alert is in another message by now.
var errTold = errors.New("told already")

// Compose adds a message of alerts that wait. When another process was quicker
// with one of them, nothing happens: the others are still waiting.
func (s *Store) Compose(ctx context.Context, m *inspect.Message, alerts []string) error {
	body, err := json.Marshal(messageBody{m.Alerts, m.Counts})
	if err != nil {
		return fmt.Errorf("message %s: %w", m.ID, err)
	}
	row := &messageRow{ID: m.ID, Channel: m.Channel, Contact: m.Contact, Subject: clean(m.Subject), Total: m.Total, Created: nanos(m.Created), State: string(m.State), Next: nanos(m.Next), Body: clean(string(body))}
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for part := range slices.Chunk(alerts, batchRows) {
			res, err := tx.NewUpdate().Model((*alertRow)(nil)).Set("message = ?", m.ID).Set("told = ?", nanos(m.Created)).Where("id IN (?) AND message = ''", bun.List(part)).Exec(ctx)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n != int64(len(part)) {
				return errors.Join(err, errTold)
			}
		}
		_, err := tx.NewInsert().Model(row).Exec(ctx)
		return err
	})
	if err != nil && !errors.Is(err, errTold) {
		return fmt.Errorf("message %s: %w", m.ID, hint(err, s.dir))
	}
	return nil
}

// Outgoing are the heads of messages made since a time, and of those that wait.
func (s *Store) Outgoing(ctx context.Context, since time.Time) ([]inspect.Message, error) {
	return s.heads(ctx, s.db.NewSelect().Where("created >= ? OR state IN ('waiting', 'taken', 'sending')", nanos(since)))
}

// Messages are the heads of the newest messages, of some states only if any
// are named.
func (s *Store) Messages(ctx context.Context, states []inspect.MessageState, limit int) ([]inspect.Message, error) {
	q := s.db.NewSelect().Limit(int64(limit))
	if len(states) > 0 {
		q = q.Where("state IN (?)", bun.List(states))
	}
	return s.heads(ctx, q)
}

func (s *Store) heads(ctx context.Context, q *bun.SelectQuery) ([]inspect.Message, error) {
	var rows []messageRow
	if err := q.Model(&rows).ExcludeColumn("body").Order("created DESC", "id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("messages: %w", hint(err, s.dir))
	}
	out := make([]inspect.Message, len(rows))
	for i := range rows {
		out[i] = rows[i].head()
	}
	return out, nil
}

// ErrNoMessage says that there is no message of an id that could be sent again.
var ErrNoMessage = errors.New("没有这条可以重发的消息")

// Message is a message with all that it says, or [ErrNoMessage].
func (s *Store) Message(ctx context.Context, id string) (*inspect.Message, error) {
	row := &messageRow{ID: id}
	err := s.db.NewSelect().Model(row).WherePK().Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNoMessage
	}
	if err != nil {
		return nil, fmt.Errorf("message %s: %w", id, hint(err, s.dir))
	}
	return row.whole()
}

// takenTime is after how long a taken message of which nothing was handed over
// is given to another: its taker is dead, or hears it from [Store.Handing].
const takenTime = 30 * time.Second

// ready takes the messages of a channel whose time has come, or that a process
// took and died with, or whose attempt began before unclear and never ended.
func ready[Q interface{ Where(string, ...any) Q }](q Q, channel string, now, unclear time.Time) Q {
	return q.Where("channel = ?", channel).
		Where("state = 'waiting' AND next <= ? OR state = 'taken' AND begun <= ? OR state = 'sending' AND begun <= ?", nanos(now), nanos(now.Add(-takenTime)), nanos(unclear))
}

// Ready reports whether a message of a channel may be taken.
func (s *Store) Ready(ctx context.Context, channel string, now, unclear time.Time) (bool, error) {
	n, err := ready(s.db.NewSelect().Model((*messageRow)(nil)).Where("state IN ('waiting', 'taken', 'sending')"), channel, now, unclear).Limit(1).Count(ctx)
	if err != nil {
		return false, fmt.Errorf("messages: %w", hint(err, s.dir))
	}
	return n > 0, nil
}

// Take gives the oldest message of a channel that is ready to one caller only,
// marked as taken; nil when there is none.
func (s *Store) Take(ctx context.Context, channel string, now, unclear time.Time) (m *inspect.Message, err error) {
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		row := &messageRow{}
		q := ready(tx.NewSelect().Model(row).Where("state IN ('waiting', 'taken', 'sending')"), channel, now, unclear).Order("created", "id").Limit(1)
		if s.postgres {
			q = q.For("UPDATE SKIP LOCKED")
		}
		if err := q.Scan(ctx); err != nil {
			return err
		}
		row.Again = row.Again || row.State == string(inspect.MessageSending)
		row.State, row.Begun, row.Attempts = string(inspect.MessageTaken), nanos(now), row.Attempts+1
		if m, err = row.whole(); err != nil {
			return err
		}
		_, err := tx.NewUpdate().Model(row).Column("state", "begun", "attempts", "again").WherePK().Exec(ctx)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("messages: %w", hint(err, s.dir))
	}
	return m, nil
}

// errTaken says that another process has the message by now.
var errTaken = errors.New("taken by another process")

// Handing marks a taken message as being handed over: from now on it may have
// arrived. It fails when the message is another's by now.
func (s *Store) Handing(ctx context.Context, m *inspect.Message) error {
	res, err := s.db.NewUpdate().Model((*messageRow)(nil)).Set("state = 'sending'").Where("id = ? AND state = 'taken' AND begun = ?", m.ID, nanos(m.Begun)).Exec(ctx)
	if err == nil {
		var n int64
		if n, err = res.RowsAffected(); err == nil && n == 0 {
			err = errTaken
		}
	}
	if err != nil {
		return fmt.Errorf("message %s: %w", m.ID, hint(err, s.dir))
	}
	return nil
}

// Settle notes how the attempt that a message was taken for ended.
func (s *Store) Settle(ctx context.Context, m *inspect.Message) error {
	row := &messageRow{ID: m.ID, State: string(m.State), Next: nanos(m.Next), Ended: nanos(m.Ended), Error: clean(m.Error)}
	_, err := s.db.NewUpdate().Model(row).Column("state", "next", "ended", "error").WherePK().Where("begun = ?", nanos(m.Begun)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("message %s: %w", m.ID, hint(err, s.dir))
	}
	return nil
}

// unheard is after how long an attempt of which nothing was heard is over.
const unheard = 5 * time.Minute

// Resend makes a message that failed, or whose end is not known, due now.
func (s *Store) Resend(ctx context.Context, id string, now time.Time) error {
	res, err := s.db.NewUpdate().Model((*messageRow)(nil)).Set("again = (again OR state = 'sending')").Set("state = 'waiting'").Set("next = ?", nanos(now)).Set("created = ?", nanos(now)).
		Where("id = ? AND (state = 'failed' OR state = 'sending' AND (error <> '' OR begun < ?))", id, nanos(now.Add(-unheard))).Exec(ctx)
	if err != nil {
		return fmt.Errorf("message %s: %w", id, hint(err, s.dir))
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrNoMessage)
	}
	return nil
}
