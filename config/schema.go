package config

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"reflect"
	"time"

	"github.com/invopop/jsonschema"

	"github.com/xunjian/xunjian/inspect"
)

// Schema is the JSON Schema of the configuration file, for editors. It is
// made of the types that Load decodes into, so the two cannot disagree.
func Schema() []byte {
	r := reflector()
	s := r.Reflect(&document{})
	s.ID, s.Title = "https://github.com/xunjian/xunjian/config/schema.json", "巡检配置"
	unquoted(s)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		panic(err) // a schema is plain data
	}
	return b.Bytes()
}

func reflector() *jsonschema.Reflector {
	return &jsonschema.Reflector{FieldNameTag: "yaml", DoNotReference: true, Anonymous: true,
		RequiredFromJSONSchemaTags: true, Mapper: schemaOf}
}

// schemaOf is the schema of the types that have a written form of their own.
func schemaOf(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[later]():
		s := reflector().Reflect(&Crawl{})
		s.Version = ""
		return s
	case reflect.TypeFor[time.Duration]():
		return &jsonschema.Schema{Type: "string", Pattern: `^([0-9.]+(ns|us|µs|ms|s|m|h))+$`}
	case reflect.TypeFor[inspect.Window]():
		return &jsonschema.Schema{Type: "string", Pattern: `^[1-9][0-9]*(d|w|mo|y)$`}
	case reflect.TypeFor[netip.Prefix]():
		return &jsonschema.Schema{Type: "string", Pattern: `^[0-9A-Fa-f.:]+/[0-9]{1,3}$`}
	case reflect.TypeFor[inspect.Genre]():
		return enum(inspect.Genres)
	case reflect.TypeFor[inspect.Role]():
		return enum(inspect.Roles)
	case reflect.TypeFor[inspect.AlertKind]():
		return enum(inspect.AlertKinds)
	case reflect.TypeFor[inspect.Part]():
		return enum([]inspect.Part{inspect.Veto, inspect.Deduction, inspect.Advice})
	}
	return nil
}

func enum[T ~string](words []T) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	for _, w := range words {
		s.Enum = append(s.Enum, string(w))
	}
	return s
}

// unquoted allows codes of digits to stand without quotes, where YAML reads
// them as numbers.
func unquoted(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	if s.Items != nil {
		unquoted(s.Items)
	}
	if s.Properties == nil {
		return
	}
	for p := s.Properties.Oldest(); p != nil; p = p.Next() {
		form := ""
		switch p.Key {
		case "code":
			form = codeForm.String()
		case "region":
			form = regionForm.String()
		}
		if form != "" {
			p.Value.Type = ""
			p.Value.AnyOf = []*jsonschema.Schema{{Type: "string", Pattern: form}, {Type: "integer", Minimum: "0"}}
		}
		unquoted(p.Value)
	}
}
