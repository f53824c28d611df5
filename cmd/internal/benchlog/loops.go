package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/tkrajina/gpxgo/gpx"
	"github.com/tormoder/fit"
)

// loops are what kneecheck is measured against: the least that a program must do that reads the same files, with one
// worker a processor as kneecheck has, and Go's own settings of the garbage collector.
var loops = map[string]func(data []byte) error{
	"read": func([]byte) error { return nil },
	"read-crc": func(data []byte) error {
		if len(data) < 14 || crc16(data) != 0 {
			return errors.New("the checksum is wrong")
		}
		return nil
	},
	"decode-fit": func(data []byte) error {
		_, err := fit.Decode(bytes.NewReader(data))
		return err
	},
	"parse-gpx": func(data []byte) error {
		_, err := gpx.ParseBytes(data)
		return err
	},
	"xml-tokens": func(data []byte) error {
		d := xml.NewDecoder(bytes.NewReader(data))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	},
}

// runLoop does one of the loops over every file below dir.
func runLoop(name, dir string) error {
	var files []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%s: no files", dir)
	}
	var buffers sync.Pool
	return inParallel(len(files), func(i int) error {
		b, _ := buffers.Get().(*bytes.Buffer)
		if b == nil {
			b = new(bytes.Buffer)
		}
		defer buffers.Put(b)
		f, err := os.Open(files[i])
		if err != nil {
			return err
		}
		defer f.Close()
		b.Reset()
		if info, err := f.Stat(); err == nil {
			b.Grow(int(info.Size()) + bytes.MinRead)
		}
		if _, err = b.ReadFrom(f); err == nil {
			err = loops[name](b.Bytes())
		}
		if err != nil {
			return fmt.Errorf("%s: %w", files[i], err)
		}
		return nil
	})
}
