package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// ErrKnown says that there is a user or a token of that name already.
var ErrKnown = errors.New("已有同名的用户或令牌")

type userRow struct {
	bun.BaseModel `bun:"table:users,alias:us"`

	Login    string `bun:",pk"`
	Name     string
	Role     string
	Unit     string
	Hash     string
	Disabled bool
	Language string
	Created  int64
}

func userOf(u *inspect.User) *userRow {
	return &userRow{Login: u.ID, Name: clean(u.Name), Role: string(u.Role), Unit: u.Unit, Hash: u.Hash, Disabled: u.Disabled, Language: u.Language, Created: nanos(u.Created)}
}

func (r *userRow) user() inspect.User {
	return inspect.User{Person: inspect.Person{ID: r.Login, Name: r.Name, Role: inspect.Role(r.Role), Unit: r.Unit},
		Hash: r.Hash, Disabled: r.Disabled, Language: r.Language, Created: fromNanos(r.Created)}
}

// AddUser adds a user, or [ErrKnown], and enters that in the audit log.
func (s *Store) AddUser(ctx context.Context, u *inspect.User, e Entry) error {
	return s.entered(ctx, e, func(ctx context.Context, tx bun.Tx) error {
		return added(tx.NewInsert().Model(userOf(u)).On("CONFLICT (login) DO NOTHING").Exec(ctx))
	})
}

// ChangeUser writes all of a user anew, and enters that in the audit log. Who
// is disabled, has another password or may do other things logs in again.
func (s *Store) ChangeUser(ctx context.Context, u *inspect.User, e Entry) error {
	return s.entered(ctx, e, func(ctx context.Context, tx bun.Tx) error {
		var old userRow
		if err := tx.NewSelect().Model(&old).Where("login = ?", u.ID).Scan(ctx); err != nil {
			return err
		}
		row := userOf(u)
		if _, err := tx.NewUpdate().Model(row).WherePK().Exec(ctx); err != nil {
			return err
		}
		if row.Disabled == old.Disabled && row.Hash == old.Hash && row.Role == old.Role && row.Unit == old.Unit {
			return nil
		}
		_, err := tx.NewDelete().Model((*sessionRow)(nil)).Where("login = ?", u.ID).Exec(ctx)
		return err
	})
}

// entered does something and enters it in the audit log, both or neither.
func (s *Store) entered(ctx context.Context, e Entry, do func(context.Context, bun.Tx) error) error {
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := do(ctx, tx); err != nil {
			return err
		}
		return s.audit(ctx, tx, e)
	})
	if err != nil && !errors.Is(err, ErrKnown) {
		err = fmt.Errorf("%s: %w", e.Act, hint(err, s.dir))
	}
	return err
}

// added is [ErrKnown] when a row was there already.
func added(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return ErrKnown
}

// User is the user with a login name; nil if there is none.
func (s *Store) User(ctx context.Context, login string) (*inspect.User, error) {
	all, err := s.users(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("login = ?", clean(login)) })
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// Users are all users, by login name.
func (s *Store) Users(ctx context.Context) ([]inspect.User, error) {
	return s.users(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
}

func (s *Store) users(ctx context.Context, w where) ([]inspect.User, error) {
	var rows []userRow
	if err := w(s.db.NewSelect().Model(&rows)).Order("login").Scan(ctx); err != nil {
		return nil, fmt.Errorf("users: %w", hint(err, s.dir))
	}
	out := make([]inspect.User, len(rows))
	for i := range rows {
		out[i] = rows[i].user()
	}
	return out, nil
}

type sessionRow struct {
	bun.BaseModel `bun:"table:sessions,alias:se"`

	Hash    string `bun:",pk"`
	Login   string
	Created int64
	Seen    int64
	Expires int64
	Address string
	Agent   string
}

// BeginSession keeps a login, enters it in the audit log, and forgets the
// sessions that ended.
func (s *Store) BeginSession(ctx context.Context, x *inspect.Session, e Entry) error {
	row := &sessionRow{Hash: x.Hash, Login: x.User, Created: nanos(x.Created), Seen: nanos(x.Seen), Expires: nanos(x.Expires), Address: clean(x.Address), Agent: clean(x.Agent)}
	return s.entered(ctx, e, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewDelete().Model((*sessionRow)(nil)).Where("expires < ?", row.Created).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewInsert().Model(row).Exec(ctx)
		return err
	})
}

// Session is a session with its user; nil if there is none.
func (s *Store) Session(ctx context.Context, hash string) (*inspect.Session, *inspect.User, error) {
	all, err := s.sessions(ctx, "hash", hash)
	if err != nil || len(all) == 0 {
		return nil, nil, err
	}
	u, err := s.User(ctx, all[0].User)
	if err != nil || u == nil {
		return nil, nil, err
	}
	return &all[0], u, nil
}

// Sessions are the sessions of a user, the last used first.
func (s *Store) Sessions(ctx context.Context, login string) ([]inspect.Session, error) {
	return s.sessions(ctx, "login", login)
}

func (s *Store) sessions(ctx context.Context, column, word string) ([]inspect.Session, error) {
	var rows []sessionRow
	if err := s.db.NewSelect().Model(&rows).Where("? = ?", bun.Ident(column), clean(word)).Order("seen DESC").Scan(ctx); err != nil {
		return nil, fmt.Errorf("sessions: %w", hint(err, s.dir))
	}
	out := make([]inspect.Session, len(rows))
	for i, r := range rows {
		out[i] = inspect.Session{Hash: r.Hash, User: r.Login, Created: fromNanos(r.Created), Seen: fromNanos(r.Seen), Expires: fromNanos(r.Expires), Address: r.Address, Agent: r.Agent}
	}
	return out, nil
}

// TouchSession notes that a session was used.
func (s *Store) TouchSession(ctx context.Context, hash string, now time.Time) error {
	_, err := s.db.NewUpdate().Model((*sessionRow)(nil)).Set("seen = ?", nanos(now)).Where("hash = ?", hash).Exec(ctx)
	if err != nil {
		return fmt.Errorf("session: %w", hint(err, s.dir))
	}
	return nil
}

// EndSession forgets a session, or with login all of a user's, and enters it
// in the audit log.
func (s *Store) EndSession(ctx context.Context, hash, login string, e Entry) error {
	return s.entered(ctx, e, func(ctx context.Context, tx bun.Tx) error {
		q := tx.NewDelete().Model((*sessionRow)(nil)).Where("hash = ?", hash)
		if login != "" {
			q = tx.NewDelete().Model((*sessionRow)(nil)).Where("login = ?", login)
		}
		_, err := q.Exec(ctx)
		return err
	})
}

type tokenRow struct {
	bun.BaseModel `bun:"table:tokens,alias:tk"`

	ID      string `bun:",pk"`
	Hash    string
	Person  string // as JSON
	Created int64
	Expires int64
	Used    int64
}

// AddToken adds a token, or [ErrKnown], and enters it in the audit log.
func (s *Store) AddToken(ctx context.Context, t *inspect.Token, e Entry) error {
	person, err := json.Marshal(t.Person)
	if err != nil {
		return err
	}
	row := &tokenRow{ID: t.ID, Hash: t.Hash, Person: clean(string(person)), Created: nanos(t.Created), Expires: nanos(t.Expires)}
	return s.entered(ctx, e, func(ctx context.Context, tx bun.Tx) error {
		return added(tx.NewInsert().Model(row).On("CONFLICT (id) DO NOTHING").Exec(ctx))
	})
}

// tokenNoted is how often it is noted at most that a token is used: whoever
// only reads, or has no token at all, does not make the others wait.
const tokenNoted = time.Minute

// Token is the token of a hash, noted as used; nil if there is none.
func (s *Store) Token(ctx context.Context, hash string, now time.Time) (*inspect.Token, error) {
	var rows []tokenRow
	err := s.db.NewSelect().Model(&rows).Where("hash = ?", hash).Scan(ctx)
	if err == nil && len(rows) > 0 && now.Sub(fromNanos(rows[0].Used)) > tokenNoted {
		rows[0].Used = nanos(now)
		_, err = s.db.NewUpdate().Model(&rows[0]).Column("used").WherePK().Exec(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("token: %w", hint(err, s.dir))
	}
	all, err := tokens(rows)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// Tokens are all tokens, by id.
func (s *Store) Tokens(ctx context.Context) ([]inspect.Token, error) {
	var rows []tokenRow
	if err := s.db.NewSelect().Model(&rows).Order("id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("tokens: %w", hint(err, s.dir))
	}
	return tokens(rows)
}

func tokens(rows []tokenRow) ([]inspect.Token, error) {
	out := make([]inspect.Token, len(rows))
	for i, r := range rows {
		out[i] = inspect.Token{ID: r.ID, Hash: r.Hash, Created: fromNanos(r.Created), Expires: fromNanos(r.Expires), Used: fromNanos(r.Used)}
		if err := json.Unmarshal([]byte(r.Person), &out[i].Person); err != nil {
			return nil, fmt.Errorf("token %s: %w", r.ID, err)
		}
	}
	return out, nil
}

// EndToken takes a token away, and enters it in the audit log.
func (s *Store) EndToken(ctx context.Context, id string, e Entry) error {
	return s.entered(ctx, e, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewDelete().Model((*tokenRow)(nil)).Where("id = ?", id).Exec(ctx)
		return err
	})
}

type attemptRow struct {
	bun.BaseModel `bun:"table:attempts,alias:at"`

	Subject string
	At      int64
}

// Attempt notes a login that failed, by each of what it is counted by, and
// forgets those before a moment.
func (s *Store) Attempt(ctx context.Context, now, before time.Time, subjects ...string) error {
	rows := make([]attemptRow, len(subjects))
	for i, x := range subjects {
		rows[i] = attemptRow{Subject: clean(x), At: nanos(now)}
	}
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewDelete().Model((*attemptRow)(nil)).Where("at < ?", nanos(before)).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewInsert().Model(&rows).Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("attempt: %w", hint(err, s.dir))
	}
	return nil
}

// Attempts is how many logins failed since a moment.
func (s *Store) Attempts(ctx context.Context, subject string, since time.Time) (int, error) {
	n, err := s.db.NewSelect().Model((*attemptRow)(nil)).Where("subject = ? AND at >= ?", clean(subject), nanos(since)).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("attempts: %w", hint(err, s.dir))
	}
	return int(n), nil
}
