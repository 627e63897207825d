package config

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const (
	maxTable = 64 << 20 // bytes of a table, unpacked
	maxRows  = 200_000
)

// Table reads the rows of a CSV file, in UTF-8 or GBK, or of the first sheet
// of an XLSX workbook. The first row is the head; its number is 1.
func Table(file string) ([][]string, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, unreadable("表格", file, err)
	}
	if info.Size() > maxTable {
		return nil, fmt.Errorf("表格 %s 超过 %d MB", file, maxTable>>20)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, unreadable("表格", file, err)
	}
	var rows [][]string
	switch strings.ToLower(filepath.Ext(file)) {
	case ".xlsx":
		rows, err = workbook(data)
	case ".csv", ".txt":
		rows, err = commas(data)
	default:
		return nil, fmt.Errorf("表格 %s 的格式不受支持，应为 .csv 或 .xlsx", file)
	}
	if err != nil {
		return nil, fmt.Errorf("表格 %s 无法读取：%w", file, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("表格 %s 是空的", file)
	}
	return rows, nil
}

func commas(data []byte) ([][]string, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err != nil {
			return nil, errors.New("既不是 UTF-8 也不是 GBK 编码")
		}
		data = text
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	if head, _, _ := bytes.Cut(data, []byte("\n")); bytes.Count(head, []byte("\t")) > bytes.Count(head, []byte(",")) {
		r.Comma = '\t'
	}
	var rows [][]string
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		for len(rows) < line-1 && len(rows) < maxRows { // a row stands at its line, so that mistakes are found there
			rows = append(rows, nil)
		}
		if rows = append(rows, row); len(rows) > maxRows {
			return nil, fmt.Errorf("超过 %d 行", maxRows)
		}
	}
}

func workbook(data []byte) (rows [][]string, err error) {
	defer func() { // what it eats may be anything
		if v := recover(); v != nil {
			rows, err = nil, fmt.Errorf("工作簿已损坏：%v", v)
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxTable, UnzipXMLSizeLimit: maxTable})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	it, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		return nil, err
	}
	defer it.Close()
	for it.Next() {
		row, err := it.Columns()
		if err != nil {
			return nil, err
		}
		if rows = append(rows, row); len(rows) > maxRows {
			return nil, fmt.Errorf("超过 %d 行", maxRows)
		}
	}
	return rows, it.Error()
}
