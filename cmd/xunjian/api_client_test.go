package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xunjian/xunjian/dashboards/api"
	"github.com/xunjian/xunjian/inspect"
)

// lister is a program of somebody else: it knows nothing but the client that
// was generated from the document.
const lister = `package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
)

func main() {
	token := func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+os.Args[2])
		return nil
	}
	c, err := NewClientWithResponses(os.Args[1], WithRequestEditorFn(token))
	if err != nil {
		panic(err)
	}
	check := []string{"link-broken"}
	res, err := c.ListFindingsWithResponse(context.Background(), &ListFindingsParams{Check: &check})
	if err != nil {
		panic(err)
	}
	if res.JSON200 == nil {
		panic(res.Status())
	}
	for _, f := range *res.JSON200.Items {
		fmt.Println(f.Fingerprint, f.Check, f.Stage)
	}
}
`

// A client that is generated from the API's document lists findings. `make
// client` runs it: the generator and what it needs come from the network.
func TestGeneratedClient(t *testing.T) {
	if os.Getenv("XUNJIAN_CLIENT") == "" {
		t.Skip("make client runs it")
	}
	d := newDistrict(1, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	desk, err := h.desk()
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(api.Handler(api.Config{Desk: desk, Version: "test", Log: h.log}))
	defer srv.Close()
	key, err := desk.AddToken(t.Context(), &inspect.Person{ID: "test", Role: inspect.Admin}, "lister", inspect.Agency, "edu", 1)
	if err != nil {
		t.Fatal(err)
	}
	page := "http://" + d.host(0) + "/xw/"
	h.planted(t, "s00", map[string]string{page: "<p>一</p>"}, inspect.Finding{Check: "link-broken", Outcome: inspect.Fail, State: inspect.Confirmed,
		Fingerprint: "f00d", URL: page, Message: "打不开", First: h.now(), Places: 1})

	res, err := http.Get(srv.URL + api.Prefix + "/openapi-3.0.json") // what the generator reads
	_, document := answered(t, res, err)
	dir := t.TempDir()
	for name, text := range map[string]string{"openapi.json": document, "main.go": lister, "go.mod": "module lister\n\ngo 1.26\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	last := ""
	for _, line := range []string{
		"go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -package main -generate types,client -o client.go openapi.json",
		"go mod tidy", "go run . " + srv.URL + " " + key,
	} {
		words := strings.Fields(line)
		cmd := exec.CommandContext(t.Context(), words[0], words[1:]...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", words[:2], err, out)
		}
		last = strings.TrimSpace(string(out))
	}
	if last != "f00d link-broken confirmed" {
		t.Errorf("the client lists %q", last)
	}
}
