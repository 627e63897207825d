package desk

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// People is who may log in, what he did, and who is logged in.
type People interface {
	User(ctx context.Context, login string) (*inspect.User, error) // nil: none
	Users(context.Context) ([]inspect.User, error)
	AddUser(context.Context, *inspect.User, Entry) error
	ChangeUser(context.Context, *inspect.User, Entry) error

	BeginSession(context.Context, *inspect.Session, Entry) error
	Session(ctx context.Context, hash string) (*inspect.Session, *inspect.User, error) // nil: none
	Sessions(ctx context.Context, login string) ([]inspect.Session, error)
	TouchSession(ctx context.Context, hash string, now time.Time) error
	EndSession(ctx context.Context, hash, login string, e Entry) error

	AddToken(context.Context, *inspect.Token, Entry) error
	Token(ctx context.Context, hash string, now time.Time) (*inspect.Token, error) // nil: none
	Tokens(context.Context) ([]inspect.Token, error)
	EndToken(ctx context.Context, id string, e Entry) error

	Attempt(ctx context.Context, now, before time.Time, subjects ...string) error
	Attempts(ctx context.Context, subject string, since time.Time) (int, error)

	Audit(context.Context, Entry) error
	AuditLog(ctx context.Context, subject string, before int64, limit int) ([]Entry, error)
	VerifyAudit(context.Context) (int64, error)
}

// What a login is refused for.
var (
	ErrLogin = errors.New("登录名或密码不正确，或者账号已停用")
	ErrKnown = errors.New("已有同名的用户或令牌")
	ErrMany  = errors.New("登录失败次数过多，请 15 分钟后再试")
)

// How many logins may fail within the span. These are ours.
const (
	attemptSpan     = 15 * time.Minute
	attemptsLogin   = 5
	attemptsAddress = 30
	attemptsKept    = 24 * time.Hour
)

// A Visit is where a login comes from.
type Visit struct{ Address, Agent string }

// Login lets a user in, or says [ErrLogin] or [ErrMany]; key is what his
// browser keeps. Who is not there is told as late as who gave a wrong password.
func (d *Desk) Login(ctx context.Context, login, password string, from Visit) (key string, err error) {
	login = strings.TrimSpace(login)
	u, err := d.People.User(ctx, login)
	if err != nil {
		return "", err
	}
	hash := nobody
	if u != nil && u.Hash != "" {
		hash = u.Hash
	}
	if err := d.guess(ctx, login, from, hash, password); err != nil {
		return "", err
	}
	if u == nil || u.Disabled || u.Hash == "" {
		return "", d.miss(ctx, login, from)
	}
	return d.begin(ctx, u, "login", from)
}

// guess holds a password against a hash: [ErrLogin], or [ErrMany] when too many
// were wrong. Few are computed at once, each takes 64 MiB; those that came at
// once with many others are counted when their turn comes.
func (d *Desk) guess(ctx context.Context, login string, from Visit, hash, password string) error {
	select {
	case d.hashing <- struct{}{}:
		defer func() { <-d.hashing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := d.tooMany(ctx, login, from.Address); err != nil {
		return err
	}
	ok, err := matches(hash, password)
	if err == nil && !ok {
		err = d.miss(ctx, login, from)
	}
	return err
}

func (d *Desk) tooMany(ctx context.Context, login, address string) error {
	since := d.Now().Add(-attemptSpan)
	byLogin, err1 := d.People.Attempts(ctx, "login "+login, since)
	byAddress, err2 := d.People.Attempts(ctx, "from "+address, since)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if byLogin >= attemptsLogin || byAddress >= attemptsAddress {
		return ErrMany
	}
	return nil
}

// miss notes a login that failed. What was typed stands in the log only if it
// is a login name: it may be a password.
func (d *Desk) miss(ctx context.Context, login string, from Visit) error {
	subject := "?"
	if u, err := d.People.User(ctx, login); err == nil && u != nil {
		subject = login
	}
	err := d.attempt(ctx, "login "+login, "from "+from.Address)
	return errors.Join(ErrLogin, err, d.People.Audit(ctx, Entry{At: d.Now().UTC(), Act: "login.refused", Subject: subject, Body: from}))
}

func (d *Desk) attempt(ctx context.Context, subjects ...string) error {
	now := d.Now()
	return d.People.Attempt(ctx, now, now.Add(-attemptsKept), subjects...)
}

// LoginElsewhere lets a user in whom another house vouches for, or says
// [ErrLogin]: he must have been added here.
func (d *Desk) LoginElsewhere(ctx context.Context, login string, from Visit) (key string, err error) {
	u, err := d.People.User(ctx, login)
	if err != nil {
		return "", err
	}
	if u == nil || u.Disabled {
		return "", d.miss(ctx, login, from)
	}
	return d.begin(ctx, u, "login.oidc", from)
}

// begin makes a session; its key was never seen before.
func (d *Desk) begin(ctx context.Context, u *inspect.User, act string, from Visit) (key string, err error) {
	key, hash := secret()
	now := d.Now().UTC()
	s := &inspect.Session{Hash: hash, User: u.ID, Created: now, Seen: now, Expires: now.Add(d.Life), Address: from.Address, Agent: from.Agent}
	return key, d.People.BeginSession(ctx, s, d.entry(&u.Person, act, u.ID, from))
}

// Who is the user whose session has a key; nil if there is none that lasts.
func (d *Desk) Who(ctx context.Context, key string) (*inspect.User, *inspect.Session, error) {
	if key == "" {
		return nil, nil, nil
	}
	s, u, err := d.People.Session(ctx, digest(key))
	if err != nil || s == nil {
		return nil, nil, err
	}
	now := d.Now()
	if u.Disabled || now.After(s.Expires) || now.After(s.Seen.Add(d.Idle)) {
		return nil, nil, nil
	}
	if now.Sub(s.Seen) > time.Minute {
		err = d.People.TouchSession(ctx, s.Hash, now)
	}
	return u, s, err
}

// Program is the person as whom a program with a token acts; nil if the token
// is none, or ran out.
func (d *Desk) Program(ctx context.Context, key string) (*inspect.Person, error) {
	t, err := d.People.Token(ctx, digest(key), d.Now())
	if err != nil || t == nil || d.Now().After(t.Expires) {
		return nil, err
	}
	return &t.Person, nil
}

// Logout ends a session.
func (d *Desk) Logout(ctx context.Context, u *inspect.User, s *inspect.Session) error {
	return d.People.EndSession(ctx, s.Hash, "", d.entry(&u.Person, "logout", u.ID, nil))
}

// LogoutAll ends all sessions of a user.
func (d *Desk) LogoutAll(ctx context.Context, u *inspect.User) error {
	return d.People.EndSession(ctx, "", u.ID, d.entry(&u.Person, "logout.all", u.ID, nil))
}

// SetPassword changes a user's own password; all his sessions end.
func (d *Desk) SetPassword(ctx context.Context, u *inspect.User, old, password string, from Visit) error {
	if u.Hash == "" {
		return ErrForbidden
	}
	if err := d.guess(ctx, u.ID, from, u.Hash, old); err != nil {
		return err
	}
	c := *u
	var err error
	if c.Hash, err = Hash(u.ID, password); err != nil {
		return err
	}
	return d.People.ChangeUser(ctx, &c, d.entry(&u.Person, "user.password", u.ID, nil))
}

// SetLanguage changes the language in which a user reads.
func (d *Desk) SetLanguage(ctx context.Context, u *inspect.User, language string) error {
	c := *u
	c.Language = language
	return d.People.ChangeUser(ctx, &c, d.entry(&u.Person, "user.language", u.ID, language))
}

// loginForm keeps names apart that look alike, and those of tokens.
var loginForm = regexp.MustCompile(`^[a-zA-Z0-9\p{Han}][a-zA-Z0-9\p{Han}._@-]{1,63}$`)

// ErrUser says that a user cannot be as he is described.
var ErrUser = errors.New("登录名须为 2 至 64 个字母、数字、汉字或 . _ @ -；责任单位的用户须选择单位，其他角色不选")

// Check reports whether a user can be as he is described: [ErrUser].
func (d *Desk) Check(u *inspect.User) error {
	unit := d.units[u.Unit] != ""
	if !loginForm.MatchString(u.ID) || !slices.Contains(inspect.Roles, u.Role) || u.Role == inspect.Agency != unit || u.Role != inspect.Agency && u.Unit != "" {
		return ErrUser
	}
	return nil
}

// Users are all users; an administrator's.
func (d *Desk) Users(ctx context.Context, who *inspect.Person) ([]inspect.User, error) {
	if err := is(who, inspect.Admin, inspect.Auditor); err != nil {
		return nil, err
	}
	return d.People.Users(ctx)
}

// AddUser adds a user; with an empty password only another house lets him in.
func (d *Desk) AddUser(ctx context.Context, who *inspect.Person, u inspect.User, password string) (err error) {
	if err := is(who, inspect.Admin); err != nil {
		return err
	}
	if err := d.Check(&u); err != nil {
		return err
	}
	if password != "" {
		if u.Hash, err = Hash(u.ID, password); err != nil {
			return err
		}
	}
	u.Created = d.Now().UTC()
	return d.People.AddUser(ctx, &u, d.entry(who, "user.add", u.ID, u.Person))
}

// ChangeUser changes what change does to a user, and with a password that too.
// Nobody changes himself, so that a house is never without an administrator.
func (d *Desk) ChangeUser(ctx context.Context, who *inspect.Person, login, password string, change func(*inspect.User)) error {
	if err := is(who, inspect.Admin); err != nil {
		return err
	}
	if login == who.ID {
		return ErrForbidden
	}
	u, err := d.People.User(ctx, login)
	if err != nil {
		return err
	}
	if u == nil {
		return ErrNone
	}
	change(u)
	if err := d.Check(u); err != nil {
		return err
	}
	if password != "" {
		if u.Hash, err = Hash(u.ID, password); err != nil {
			return err
		}
	}
	return d.People.ChangeUser(ctx, u, d.entry(who, "user.change", login, u))
}

// Tokens are all tokens; an administrator's.
func (d *Desk) Tokens(ctx context.Context, who *inspect.Person) ([]inspect.Token, error) {
	if err := is(who, inspect.Admin, inspect.Auditor); err != nil {
		return nil, err
	}
	return d.People.Tokens(ctx)
}

// AddToken makes a token with which a program acts in a role for some days; key
// is told once.
func (d *Desk) AddToken(ctx context.Context, who *inspect.Person, id string, role inspect.Role, unit string, days int) (key string, err error) {
	if err := is(who, inspect.Admin); err != nil {
		return "", err
	}
	if err := d.Check(&inspect.User{Person: inspect.Person{ID: id, Role: role, Unit: unit}}); err != nil || days < 1 || days > 3660 {
		return "", ErrUser
	}
	key, hash := secret()
	now := d.Now().UTC()
	t := &inspect.Token{ID: id, Hash: hash, Person: inspect.Person{ID: "token:" + id, Name: id, Role: role, Unit: unit}, Created: now, Expires: now.AddDate(0, 0, days)}
	return key, d.People.AddToken(ctx, t, d.entry(who, "token.add", id, t))
}

// EndToken takes a token away.
func (d *Desk) EndToken(ctx context.Context, who *inspect.Person, id string) error {
	if err := is(who, inspect.Admin); err != nil {
		return err
	}
	return d.People.EndToken(ctx, id, d.entry(who, "token.end", id, nil))
}

// Assignees are who can be given a case of a unit: its own people, and those
// who supervise.
func (d *Desk) Assignees(ctx context.Context, who *inspect.Person, unit string) (out []inspect.User, err error) {
	if err := is(who, inspect.Supervisor, inspect.Agency); err != nil {
		return nil, err
	}
	if !who.Reads(unit) {
		return nil, ErrNone
	}
	all, err := d.People.Users(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range all {
		if !u.Disabled && (u.Role == inspect.Supervisor || u.Role == inspect.Agency && u.Unit == unit) {
			out = append(out, u)
		}
	}
	return out, nil
}
