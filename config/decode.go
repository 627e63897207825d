package config

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/xunjian/xunjian/inspect"
)

// A decoder fills Go values from a syntax tree, strictly, over the values
// that are there already, and goes on behind a mistake.
type decoder struct {
	file    string
	errs    Errors                    // mistakes so far
	at      map[string]token.Position // where each path that was set stands
	bad     map[string]bool           // paths that are mistaken already
	anchors map[string]ast.Node
	aliases int // followed so far
	fields  map[reflect.Type]map[string][]int
}

func newDecoder(file string) *decoder {
	return &decoder{file: file, at: map[string]token.Position{}, bad: map[string]bool{}, anchors: map[string]ast.Node{},
		fields: map[reflect.Type]map[string][]int{}}
}

// A later is a value that is decoded later, over defaults not known yet.
type later struct{ node ast.Node }

// words is a list of strings that may be written as one string.
type words []string

var (
	laterType    = reflect.TypeFor[later]()
	wordsType    = reflect.TypeFor[words]()
	genreType    = reflect.TypeFor[inspect.Genre]()
	durationType = reflect.TypeFor[time.Duration]()
	textType     = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// fail notes a mistake at a node.
func (d *decoder) fail(n ast.Node, path, format string, a ...any) {
	d.note(place(n), path, fmt.Sprintf(format, a...))
}

func (d *decoder) note(p token.Position, path, message string) {
	d.bad[path] = true
	d.errs = append(d.errs, Error{File: d.file, Line: p.Line, Column: p.Column, Path: path, Message: message})
}

// fault notes a mistake of a path: at its value, or where it is missing at
// the nearest thing around it. What is mistaken already is left alone.
func (d *decoder) fault(path, format string, a ...any) {
	for p := path; p != ""; p = parent(p) {
		if d.bad[p] {
			return
		}
	}
	p := path
	for p != "" && !d.has(p) {
		p = parent(p)
	}
	at, ok := d.at[p]
	if !ok {
		at = token.Position{Line: 1, Column: 1}
	}
	d.note(at, path, fmt.Sprintf(format, a...))
}

// has reports whether the file sets the path.
func (d *decoder) has(path string) bool {
	_, ok := d.at[path]
	return ok
}

func parent(path string) string { return path[:max(0, strings.LastIndexAny(path, ".["))] }

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// value decodes a node into v.
func (d *decoder) value(n ast.Node, v reflect.Value, path string) {
	n, ok := d.resolve(n, path)
	if !ok {
		return
	}
	d.at[path] = place(n)
	t := v.Type()
	if t == laterType {
		v.Set(reflect.ValueOf(later{n}))
		return
	}
	if _, null := n.(*ast.NullNode); null {
		return
	}
	switch {
	case t == wordsType:
		d.words(n, v, path)
	case t == durationType || t == genreType || reflect.PointerTo(t).Implements(textType):
		d.text(n, v, path)
	case t.Kind() == reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(t.Elem()))
		}
		d.value(n, v.Elem(), path)
	case t.Kind() == reflect.Struct:
		d.structure(n, v, path)
	case t.Kind() == reflect.Map:
		d.mapping(n, v, path)
	case t.Kind() == reflect.Slice:
		d.list(n, v, path)
	case t.Kind() == reflect.Interface:
		if p := plain(n, 0); p != nil {
			v.Set(reflect.ValueOf(p))
		}
	default:
		d.scalar(n, v, path)
	}
}

// resolve looks through anchors and aliases.
func (d *decoder) resolve(n ast.Node, path string) (ast.Node, bool) {
	for range maxNesting {
		switch x := n.(type) {
		case nil:
			return nil, false
		case *ast.AnchorNode:
			d.anchors[x.Name.GetToken().Value] = x.Value
			n = x.Value
		case *ast.AliasNode:
			name := x.Value.GetToken().Value
			to := d.anchors[name]
			if d.aliases++; to == nil || d.aliases > 10000 {
				d.fail(x, path, "没有名为 %q 的锚点", name)
				return nil, false
			}
			n = to
		case *ast.TagNode:
			d.fail(x, path, "不支持 YAML 标签 %s", x.GetToken().Value)
			return nil, false
		default:
			return n, true
		}
	}
	d.fail(n, path, "锚点引用过深")
	return nil, false
}

// pairs are the entries of a mapping node.
func (d *decoder) pairs(n ast.Node, path string) ([]*ast.MappingValueNode, bool) {
	switch x := n.(type) {
	case *ast.MappingNode:
		return x.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{x}, true
	}
	d.fail(n, path, "应为键值表，而不是%s", nodeName(n))
	return nil, false
}

// each calls f for every entry of a mapping whose key is a fresh plain one.
func (d *decoder) each(n ast.Node, path string, f func(key string, at, value ast.Node)) {
	pairs, ok := d.pairs(n, path)
	if !ok {
		return
	}
	seen := map[string]bool{}
	for _, p := range pairs {
		key, ok := scalarText(p.Key)
		switch {
		case !ok:
			d.fail(p.Key, path, "键应为普通文字")
		case seen[key]:
			d.fail(p.Key, join(path, key), "键重复")
		default:
			seen[key] = true
			f(key, p.Key, p.Value)
		}
	}
}

func (d *decoder) structure(n ast.Node, v reflect.Value, path string) {
	fields := d.fields[v.Type()]
	if fields == nil {
		fields = fieldsOf(v.Type())
		d.fields[v.Type()] = fields
	}
	d.each(n, path, func(key string, at, value ast.Node) {
		index, ok := fields[key]
		if !ok {
			d.fail(at, join(path, key), "未知的键%s", nearest(key, fields))
			return
		}
		d.value(value, v.FieldByIndex(index), join(path, key))
	})
}

// fieldsOf maps the yaml names of a struct's fields to their index.
func fieldsOf(t reflect.Type) map[string][]int {
	out := map[string][]int{}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case !f.IsExported() || name == "-" || options == "inline" || f.Anonymous && name == "":
			continue
		case name == "":
			name = strings.ToLower(f.Name)
		}
		out[name] = f.Index
	}
	return out
}

func (d *decoder) mapping(n ast.Node, v reflect.Value, path string) {
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	} else { // the defaults of a check are shared by all who bind it
		c := reflect.MakeMap(v.Type())
		for _, k := range v.MapKeys() {
			c.SetMapIndex(k, v.MapIndex(k))
		}
		v.Set(c)
	}
	d.each(n, path, func(key string, at, value ast.Node) {
		k := reflect.New(v.Type().Key()).Elem()
		p := join(path, key)
		before := len(d.errs)
		d.value(at, k, p)
		e := reflect.New(v.Type().Elem()).Elem()
		if old := v.MapIndex(k); old.IsValid() {
			e.Set(old)
		}
		d.value(value, e, p)
		if len(d.errs) == before {
			v.SetMapIndex(k, e)
		}
	})
}

func (d *decoder) list(n ast.Node, v reflect.Value, path string) {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		d.fail(n, path, "应为列表，而不是%s", nodeName(n))
		return
	}
	out := reflect.MakeSlice(v.Type(), len(s.Values), len(s.Values))
	for i, x := range s.Values {
		d.value(x, out.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
	v.Set(out)
}

func (d *decoder) words(n ast.Node, v reflect.Value, path string) {
	if s, ok := scalarText(n); ok {
		v.Set(reflect.ValueOf(words{s}))
		return
	}
	d.list(n, v, path)
}
