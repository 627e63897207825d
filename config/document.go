package config

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

const (
	maxFile    = 64 << 20 // bytes; a province of 750 sites with 150 columns each is 9 MB
	maxNesting = 64       // brackets, and markers in a row; the parser recurses
)

// parse reads one YAML document into its tree. Its mistakes are one: nothing
// can be said of a file behind a syntax error.
func parse(file string, data []byte) (root ast.Node, err error) {
	bad := func(line, col int, format string, a ...any) error {
		return Errors{{File: file, Line: max(line, 1), Column: max(col, 1), Message: fmt.Sprintf(format, a...)}}
	}
	defer func() { // the parser is not ours, and what it eats may be anything
		if v := recover(); v != nil {
			root, err = nil, bad(1, 1, "YAML 无法解析：%v", v)
		}
	}()
	switch {
	case len(data) > maxFile:
		return nil, bad(1, 1, "文件超过 %d MB", maxFile>>20)
	case !utf8.Valid(data):
		return nil, bad(invalidLine(data), 1, "不是 UTF-8 编码，请另存为 UTF-8")
	}
	tokens := lexer.Tokenize(strings.TrimPrefix(string(data), "\ufeff"))
	if t := tooDeep(tokens); t != nil {
		return nil, bad(t.Position.Line, t.Position.Column, "嵌套过深")
	}
	f, perr := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if perr != nil {
		var y yaml.Error
		if errors.As(perr, &y) && y.GetToken() != nil {
			p := y.GetToken().Position
			return nil, bad(p.Line, p.Column, "YAML 语法错误：%s", firstLine(y.GetMessage()))
		}
		return nil, bad(1, 1, "YAML 语法错误：%s", firstLine(perr.Error()))
	}
	var body []ast.Node
	for _, d := range f.Docs {
		if d != nil && d.Body != nil && d.Body.Type() != ast.CommentType && d.Body.Type() != ast.DirectiveType {
			body = append(body, d.Body)
		}
	}
	switch {
	case len(body) == 0:
		return nil, bad(1, 1, "文件是空的")
	case len(body) > 1:
		p := place(body[1])
		return nil, bad(p.Line, p.Column, "一个文件只能有一份 YAML 文档")
	}
	return body[0], nil
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// invalidLine is the line of the first byte that is not UTF-8.
func invalidLine(data []byte) int {
	line := 1
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		data = data[n:]
	}
	return line
}

// tooDeep is the first token that is nested deeper than any file of ours.
func tooDeep(tokens token.Tokens) *token.Token {
	flow := 0
	run := 0 // markers in a row, as in "- - - -" or "? ? ?"
	for _, t := range tokens {
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow--
		}
		switch t.Type {
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType, token.MappingValueType:
			run++
		default:
			run = 0
		}
		if flow > maxNesting || run > maxNesting {
			return t
		}
	}
	return nil
}

// place is where a node begins.
func place(n ast.Node) token.Position {
	for range maxNesting {
		switch x := n.(type) {
		case *ast.MappingNode:
			if x.IsFlowStyle || len(x.Values) == 0 {
				return position(x.Start)
			}
			n = x.Values[0].Key
			continue
		case *ast.MappingValueNode:
			n = x.Key
			continue
		case *ast.SequenceNode:
			return position(x.Start)
		case *ast.LiteralNode:
			return position(x.Start)
		case *ast.AnchorNode:
			return position(x.Start)
		case *ast.AliasNode:
			return position(x.Start)
		}
		break
	}
	if n == nil {
		return token.Position{Line: 1, Column: 1}
	}
	return position(n.GetToken())
}

func position(t *token.Token) token.Position {
	if t == nil || t.Position == nil {
		return token.Position{Line: 1, Column: 1}
	}
	return *t.Position
}
