package console

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/xunjian/xunjian/dashboards/desk"
)

// An OIDC is another house that vouches for users. Who may come in and as what
// is decided here: a user must have been added under the name that Claim gives.
type OIDC struct {
	Name         string // as the login page calls it
	Issuer       string
	ClientID     string
	ClientSecret string
	Redirect     string // address of /login/oidc/callback as browsers reach it
	Claim        string // that holds the login name; "": preferred_username
}

// door is the provider as it describes itself. It is asked at each login: one
// that is away when the console starts does not stop it.
func (o *OIDC) door(ctx context.Context) (*oauth2.Config, *oidc.IDTokenVerifier, error) {
	p, err := oidc.NewProvider(ctx, o.Issuer)
	if err != nil {
		return nil, nil, fmt.Errorf("oidc provider: %w", err)
	}
	cfg := &oauth2.Config{ClientID: o.ClientID, ClientSecret: o.ClientSecret, Endpoint: p.Endpoint(), RedirectURL: o.Redirect, Scopes: []string{oidc.ScopeOpenID, "profile", "email"}}
	return cfg, p.Verifier(&oidc.Config{ClientID: o.ClientID}), nil
}

// oidcCookie holds what the answer must match, until the user is back.
const (
	oidcCookie = "xunjian-oidc"
	oidcWait   = 10 * time.Second
)

// oidcBegin sends the browser to the other house.
func (c *console) oidcBegin(q *request) error {
	if c.OIDC == nil {
		return desk.ErrNone
	}
	ctx, cancel := context.WithTimeout(q.r.Context(), oidcWait)
	defer cancel()
	cfg, _, err := c.OIDC.door(ctx)
	if err != nil {
		return err
	}
	state, nonce, proof := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	q.setCookie(oidcCookie, strings.Join([]string{state, nonce, proof}, "."))
	http.Redirect(q.w, q.r, cfg.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(proof)), http.StatusSeeOther)
	return nil
}

// oidcEnd takes the answer of the other house.
func (c *console) oidcEnd(q *request) error {
	if c.OIDC == nil {
		return desk.ErrNone
	}
	cookie, err := q.r.Cookie(oidcCookie)
	if err != nil {
		return errForm
	}
	q.setCookie(oidcCookie, "")
	kept := strings.Split(cookie.Value, ".")
	if len(kept) != 3 || subtle.ConstantTimeCompare([]byte(kept[0]), []byte(q.r.FormValue("state"))) != 1 {
		return errForm
	}
	login, err := c.OIDC.login(q.r.Context(), q.r.FormValue("code"), kept[1], kept[2])
	if err != nil {
		q.log("login elsewhere", err)
		return desk.ErrLogin
	}
	key, err := c.desk.LoginElsewhere(q.r.Context(), login, q.visit())
	if err != nil {
		return err
	}
	return q.letIn(key, "/")
}

// login is the login name that the other house vouches for.
func (o *OIDC) login(ctx context.Context, code, nonce, proof string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, oidcWait)
	defer cancel()
	cfg, verifier, err := o.door(ctx)
	if err != nil {
		return "", err
	}
	token, err := cfg.Exchange(ctx, code, oauth2.VerifierOption(proof))
	if err != nil {
		return "", fmt.Errorf("oidc exchange: %w", err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return "", fmt.Errorf("oidc token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1 {
		return "", errors.New("oidc token: another nonce")
	}
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		return "", fmt.Errorf("oidc claims: %w", err)
	}
	claim := o.Claim
	if claim == "" {
		claim = "preferred_username"
	}
	if verified, said := claims["email_verified"]; claim == "email" && said && fmt.Sprint(verified) != "true" {
		return "", errors.New("oidc claims: the address is not verified")
	}
	login, _ := claims[claim].(string)
	if login == "" {
		return "", fmt.Errorf("oidc claims: no %s", claim)
	}
	return login, nil
}
