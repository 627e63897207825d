package config

import (
	"encoding"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/xunjian/xunjian/inspect"
)

// scalarText is the text of a string or a number as it was written.
func scalarText(n ast.Node) (string, bool) {
	switch x := n.(type) {
	case *ast.StringNode:
		return x.Value, true
	case *ast.LiteralNode:
		return x.Value.Value, true
	case *ast.IntegerNode:
		return x.Token.Value, true
	case *ast.FloatNode:
		return x.Token.Value, true
	}
	return "", false
}

// nodeName is the kind of a node for a person.
func nodeName(n ast.Node) string {
	switch n.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		return "文字"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "数字"
	case *ast.BoolNode:
		return "真假值"
	case *ast.SequenceNode:
		return "列表"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "键值表"
	case *ast.NullNode:
		return "空值"
	}
	return "其他内容"
}

// scalar decodes strings, numbers and booleans.
func (d *decoder) scalar(n ast.Node, v reflect.Value, path string) {
	switch k := v.Kind(); {
	case k == reflect.String:
		s, ok := scalarText(n)
		if !ok {
			d.fail(n, path, "应为文字，而不是%s", nodeName(n))
			return
		}
		v.SetString(s)
	case k == reflect.Bool:
		b, ok := n.(*ast.BoolNode)
		if !ok {
			d.fail(n, path, "应为 true 或 false，而不是%s", nodeName(n))
			return
		}
		v.SetBool(b.Value)
	case v.CanInt():
		i, ok := n.(*ast.IntegerNode)
		s := ""
		if ok {
			s = i.Token.Value
		}
		x, err := strconv.ParseInt(s, 0, v.Type().Bits())
		if err != nil {
			d.fail(n, path, "应为整数，而不是%s", nodeName(n))
			return
		}
		v.SetInt(x)
	case v.CanFloat():
		s, _ := scalarText(n)
		x, err := strconv.ParseFloat(s, 64)
		if _, quoted := n.(*ast.StringNode); err != nil || quoted || math.IsInf(x, 0) || math.IsNaN(x) {
			d.fail(n, path, "应为数字，而不是%s", nodeName(n))
			return
		}
		v.SetFloat(x)
	default:
		d.fail(n, path, "此处不能填写内容")
	}
}

// text decodes what has a written form of its own.
func (d *decoder) text(n ast.Node, v reflect.Value, path string) {
	s, ok := scalarText(n)
	if !ok {
		d.fail(n, path, "应为文字，而不是%s", nodeName(n))
		return
	}
	switch p := v.Addr().Interface().(type) {
	case *time.Duration:
		x, err := time.ParseDuration(s)
		if err != nil {
			d.fail(n, path, "%q 不是时长，应写作 15s、30m、4h", s)
		}
		*p = x
	case *inspect.Genre:
		if !slices.Contains(inspect.Genres, inspect.Genre(s)) {
			d.fail(n, path, "没有栏目类型 %q，可用：%s", s, genreNames())
		}
		*p = inspect.Genre(s)
	case *inspect.Window:
		if err := p.UnmarshalText([]byte(s)); err != nil {
			d.fail(n, path, "%q 不是期限，应写作 14d、2w、6mo、1y", s)
		}
	case *netip.Prefix:
		if err := p.UnmarshalText([]byte(s)); err != nil {
			d.fail(n, path, "%q 不是网段，应写作 10.1.0.0/16", s)
		}
	case *regexp.Regexp:
		if err := p.UnmarshalText([]byte(s)); err != nil {
			d.fail(n, path, "%q 不是正则表达式", s)
		}
	case encoding.TextUnmarshaler:
		if err := p.UnmarshalText([]byte(s)); err != nil {
			d.fail(n, path, "%q 无法识别：%v", s, err)
		}
	}
}

func genreNames() string {
	out := ""
	for i, g := range inspect.Genres {
		if i > 0 {
			out += "、"
		}
		out += string(g)
	}
	return out
}

// plain is a node as maps, slices and scalars. Aliases are not followed.
func plain(n ast.Node, depth int) any {
	if depth > maxNesting {
		return nil
	}
	switch x := n.(type) {
	case *ast.MappingNode:
		out := map[string]any{}
		for _, p := range x.Values {
			if k, ok := scalarText(p.Key); ok {
				out[k] = plain(p.Value, depth+1)
			}
		}
		return out
	case *ast.MappingValueNode:
		return map[string]any{fmt.Sprint(x.Key): plain(x.Value, depth+1)}
	case *ast.SequenceNode:
		out := make([]any, len(x.Values))
		for i, v := range x.Values {
			out[i] = plain(v, depth+1)
		}
		return out
	case *ast.BoolNode:
		return x.Value
	case *ast.IntegerNode:
		return x.Value
	case *ast.FloatNode:
		return x.Value
	case *ast.AnchorNode:
		return plain(x.Value, depth+1)
	}
	if s, ok := scalarText(n); ok {
		return s
	}
	return nil
}
