package main

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/dashboards/console"
	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// key is what a visitor's browser keeps.
func (v *visitor) key(t *testing.T) string {
	t.Helper()
	u, err := url.Parse(v.base)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range v.Jar.Cookies(u) {
		if c.Name == "xunjian" {
			return c.Value
		}
	}
	return ""
}

func (v *visitor) set(t *testing.T, key string) {
	t.Helper()
	u, err := url.Parse(v.base)
	if err != nil {
		t.Fatal(err)
	}
	v.Jar.SetCookies(u, []*http.Cookie{{Name: "xunjian", Value: key}})
}

// Who logs in gets a key that nobody had before, and only as long as it lasts.
func TestConsoleSessions(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	v := h.enter(t, "")
	v.set(t, "given-by-an-attacker")
	if status, _ := v.post(t, "/login", "login", "li", "password", housePassword, "next", "//evil.example/x"); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	first := v.key(t)
	if first == "" || first == "given-by-an-attacker" {
		t.Errorf("the session's key is %q", first)
	}
	if status, _ := v.get(t, "/"); status != http.StatusOK {
		t.Errorf("logged in: %d", status)
	}
	v.post(t, "/login", "login", "li", "password", housePassword)
	if second := v.key(t); second == first {
		t.Error("a second login goes on with the first one's key")
	}
	v.set(t, first)
	if status, _ := v.get(t, "/"); status != http.StatusSeeOther {
		t.Errorf("the key of before the second login still lets in: %d", status)
	}
	w := h.enter(t, "li")
	kept := w.key(t)
	w.post(t, "/logout")
	w.set(t, kept)
	if status, _ := w.get(t, "/"); status != http.StatusSeeOther {
		t.Errorf("after logging out: %d", status)
	}
	for _, r := range []*http.Request{foreign(t, h.URL, "Origin", "http://evil.example"), foreign(t, h.URL, "Sec-Fetch-Site", "cross-site")} {
		x := h.enter(t, "li")
		r.AddCookie(&http.Cookie{Name: "xunjian", Value: x.key(t)})
		res, err := x.Do(r)
		if status, _ := answered(t, res, err); status != http.StatusForbidden {
			t.Errorf("a form of another site: %d", status)
		}
	}
	log, err := h.st.AuditLog(t.Context(), "li", 0, 100)
	if err != nil || len(log) < 5 {
		t.Errorf("%d entries, %v", len(log), err)
	}
	for _, e := range log {
		if raw := fmt.Sprintf("%s", e.Body); strings.Contains(raw, housePassword) || strings.Contains(raw, first) {
			t.Errorf("a secret stands in the audit log: %s", raw)
		}
	}
}

// foreign is a form that a page of another site sends.
func foreign(t *testing.T, base, header, value string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/account", strings.NewReader("do=sessions"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set(header, value)
	return r
}

// A session ends by itself; a login cannot be guessed at leisure.
func TestConsoleSessionEnds(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	s, ahead := serving(t, withEmpty(d))
	s.work(t)
	house, err := s.desk()
	if err != nil {
		t.Fatal(err)
	}
	if err := house.AddUser(t.Context(), &inspect.Person{Role: inspect.Admin}, inspect.User{Person: inspect.Person{ID: "li", Name: "李", Role: inspect.Supervisor}}, housePassword); err != nil {
		t.Fatal(err)
	}
	key, err := house.Login(t.Context(), "li", housePassword, desk.Visit{Address: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	in := func() bool {
		u, _, err := house.Who(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		return u != nil
	}
	s.keepsNo(t, key)
	for range 20 { // it is used every half hour
		ahead.Add(int64(30 * time.Minute))
		if !in() {
			t.Fatalf("ended after %s", time.Duration(ahead.Load()))
		}
	}
	ahead.Add(int64(61 * time.Minute))
	if in() {
		t.Error("lasts though nobody used it for an hour")
	}
	if key, err = house.Login(t.Context(), "li", housePassword, desk.Visit{}); err != nil || !in() {
		t.Fatal(err)
	}
	for range 24 {
		ahead.Add(int64(31 * time.Minute))
		in()
	}
	if in() {
		t.Error("lasts longer than half a day")
	}
	for i := range 6 {
		_, err := house.Login(t.Context(), "li", "wrong password", desk.Visit{Address: fmt.Sprint("127.0.0.", i)})
		if want := map[bool]error{true: desk.ErrLogin, false: desk.ErrMany}[i < 5]; err == nil || !strings.Contains(err.Error(), want.Error()) {
			t.Errorf("wrong the %d. time: %v, want %v", i+1, err, want)
		}
	}
	if _, err := house.Login(t.Context(), "li", housePassword, desk.Visit{}); err != desk.ErrMany {
		t.Errorf("the right password after five wrong ones: %v", err)
	}
	ahead.Add(int64(16 * time.Minute))
	if _, err := house.Login(t.Context(), "li", housePassword, desk.Visit{}); err != nil {
		t.Errorf("a quarter of an hour later: %v", err)
	}
	// Whoever tries one password with many names is counted by his address.
	for range 30 {
		if err := s.st.Attempt(t.Context(), s.now(), s.now().Add(-time.Hour), "login somebody", "from 127.0.0.99"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := house.Login(t.Context(), "li", housePassword, desk.Visit{Address: "127.0.0.99"}); err != desk.ErrMany {
		t.Errorf("after thirty wrong ones from there: %v", err)
	}
	if _, err := house.Login(t.Context(), "li", housePassword, desk.Visit{Address: "127.0.0.98"}); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
}

// keepsNo makes sure that a key stands in no file of the service: what is kept
// of it lets nobody in.
func (s *service) keepsNo(t *testing.T, key string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(s.p.cfg.Data, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		if bytes.Contains(b, []byte(key)) {
			t.Errorf("%s holds a key", name)
		}
		files++
		return err
	})
	if err != nil || files == 0 || len(key) < 16 {
		t.Errorf("%d files, a key of %d letters: %v", files, len(key), err)
	}
}

// A provider is another house that vouches for a user, as OpenID Connect has it.
type provider struct {
	*httptest.Server
	key   *rsa.PrivateKey
	login string // for whom it vouches
	nonce string // of the request
	proof string // its challenge
	lie   string // what it does wrong: "", nonce, audience, issuer, age, signature
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"}, "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		b := base64.RawURLEncoding
		json.NewEncoder(w).Encode(map[string]any{"keys": []any{map[string]string{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1",
			"n": b.EncodeToString(key.N.Bytes()), "e": b.EncodeToString(big.NewInt(int64(key.E)).Bytes())}}})
	})
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		p.nonce, p.proof = q.Get("nonce"), q.Get("code_challenge")
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {"one-time"}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
	})
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// token gives out who logged in, to whoever proves to have asked.
func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	b := base64.RawURLEncoding
	id, secret, _ := r.BasicAuth()
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if r.FormValue("code") != "one-time" || id != "xunjian" || secret != "s3cret" || b.EncodeToString(sum[:]) != p.proof {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	claims := map[string]any{"iss": p.URL, "sub": "1234", "aud": "xunjian", "exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix(), "nonce": p.nonce, "preferred_username": p.login}
	switch p.lie {
	case "nonce":
		claims["nonce"] = "of another request"
	case "audience":
		claims["aud"] = "somebody else"
	case "issuer":
		claims["iss"] = "https://sso.example"
	case "age":
		claims["exp"] = time.Now().Add(-time.Hour).Unix()
	}
	body, _ := json.Marshal(claims)
	text := b.EncodeToString([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + b.EncodeToString(body)
	digest := sha256.Sum256([]byte(text))
	if p.lie == "signature" {
		digest[0]++
	}
	sign, _ := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, digest[:])
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": text + "." + b.EncodeToString(sign)})
}

// Another house vouches for who he is; what he may do is decided here.
func TestConsoleOIDC(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	house, err := h.desk()
	if err != nil {
		t.Fatal(err)
	}
	p := newProvider(t)
	srv := httptest.NewUnstartedServer(nil)
	o := &console.OIDC{Name: "统一身份认证", Issuer: p.URL, ClientID: "xunjian", ClientSecret: "s3cret", Redirect: "http://" + srv.Listener.Addr().String() + "/login/oidc/callback"}
	if srv.Config.Handler, err = console.New(console.Config{Desk: house, OIDC: o, Log: h.log}); err != nil {
		t.Fatal(err)
	}
	srv.Start()
	defer srv.Close()
	for _, tc := range []struct {
		login, lie string
		want       int
	}{{"zhao", "", 200}, {"stranger", "", 401}, {"", "", 401}, {"zhao", "nonce", 401}, {"zhao", "audience", 401}, {"zhao", "issuer", 401}, {"zhao", "age", 401}, {"zhao", "signature", 401}} {
		p.login, p.lie = tc.login, tc.lie
		jar, _ := cookiejar.New(nil)
		res, err := (&http.Client{Jar: jar}).Get(srv.URL + "/login/oidc") // it follows where it is sent
		if status, body := answered(t, res, err); status != tc.want || tc.want == http.StatusOK && !strings.Contains(body, "赵老师") {
			t.Errorf("%+v: %d\n%.200s", tc, status, body)
		}
	}
	p.login, p.lie = "zhao", ""
	for _, asked := range []bool{false, true} { // whether this browser is on its way to log in
		jar, _ := cookiejar.New(nil)
		b := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		if asked {
			res, err := b.Get(srv.URL + "/login/oidc")
			if status, body := answered(t, res, err); status != http.StatusSeeOther {
				t.Fatalf("%d %s", status, body)
			}
		}
		res, err := b.Get(srv.URL + "/login/oidc/callback?code=one-time&state=guessed")
		if status, _ := answered(t, res, err); status != http.StatusBadRequest {
			t.Errorf("an answer to a question that was not asked (another was: %v): %d", asked, status)
		}
	}
}

// Where a visitor comes from is what the connection says; what a header says
// counts only behind a proxy that the office named, and only its last word.
func TestConsoleProxies(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	house, err := h.desk()
	if err != nil {
		t.Fatal(err)
	}
	ours := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.1.0.0/16")}
	for _, tc := range []struct {
		name, forwarded, want string
		proxies               []netip.Prefix
	}{
		{"nobody is named", "203.0.113.9", "127.0.0.1", nil},
		{"a proxy says whom it forwards for", "203.0.113.9", "203.0.113.9", ours},
		{"a visitor's own word is not heard", "192.0.2.1, 203.0.113.9", "203.0.113.9", ours},
		{"two proxies", "192.0.2.1, 203.0.113.9, 10.1.2.3", "203.0.113.9", ours},
		{"no address", "203.0.113.9, <script>", "127.0.0.1", ours},
		{"nothing", "", "127.0.0.1", ours},
	} {
		handler, err := console.New(console.Config{Desk: house, Proxies: tc.proxies, Log: h.log})
		if err != nil {
			t.Fatal(err)
		}
		srv := httptest.NewServer(handler)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/login", strings.NewReader(url.Values{"login": {"li"}, "password": {housePassword}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if tc.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tc.forwarded)
		}
		res, err := http.DefaultTransport.RoundTrip(r)
		if status, body := answered(t, res, err); status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", tc.name, status, body)
		}
		srv.Close()
		log, err := h.st.AuditLog(t.Context(), "li", 0, 1)
		if err != nil || len(log) != 1 {
			t.Fatal(log, err)
		}
		if got := fmt.Sprintf("%s", log[0].Body); !strings.Contains(got, fmt.Sprintf("%q:%q", "Address", tc.want)) {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}
