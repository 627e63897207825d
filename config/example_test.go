package config_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/xunjian/xunjian/config"
)

// All mistakes of a file are told at once, each with its place.
func ExampleLoad() {
	dir, err := os.MkdirTemp("", "xunjian")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "xunjian.yaml")
	if err := os.WriteFile(file, []byte("data: ./data\nsites:\n  - id: portal\n    hone: www.example.gov.cn\n"), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	_, err = config.Load(file)
	for _, m := range err.(config.Errors) {
		fmt.Println(m.Line, m.Column, m.Path, m.Message)
	}
	// Output:
	// 3 5 sites[0].home 缺少 home
	// 4 5 sites[0].hone 未知的键，是否应为 home
}
