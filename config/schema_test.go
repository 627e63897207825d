package config

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "rewrite schema.json")

func TestSchemaFile(t *testing.T) {
	t.Parallel()
	if *update {
		if err := os.WriteFile("schema.json", Schema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("schema.json")
	if err != nil || !bytes.Equal(got, Schema()) {
		t.Errorf("schema.json is stale (%v): go test ./config -run TestSchemaFile -update", err)
	}
}

// The schema takes what Load takes, and refuses what it can see of the rest.
func TestSchemaAgainstFiles(t *testing.T) {
	t.Parallel()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]bool{"testdata/good/full.yaml": true, "testdata/bad-ten.yaml": false, "testdata/bad-types.yaml": false,
		"testdata/bad-accounts.yaml": false, "testdata/bad-hosts.yaml": false}
	for file, good := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var v any
			if err := yaml.UnmarshalWithOptions(data, &v, yaml.AllowDuplicateMapKey()); err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(v); (err == nil) != good {
				t.Errorf("Validate = %v, want good %v", err, good)
			}
		})
	}
}

// The example in the README is a configuration that loads.
func TestReadme(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(data), "```yaml\n")
	if len(blocks) < 3 {
		t.Fatal("README.md has no examples")
	}
	text, _, _ := strings.Cut(blocks[1], "```")
	if _, err := load("README.md", []byte(text)); err != nil {
		t.Errorf("the configuration of README.md: %v", err)
	}
	text, _, _ = strings.Cut(blocks[2], "```")
	file := filepath.Join(t.TempDir(), "local.yaml")
	write(t, file, text)
	if _, err := LoadRules(file, nil); err != nil {
		t.Errorf("the rulebook of README.md: %v", err)
	}
}
