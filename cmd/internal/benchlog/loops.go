package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"github.com/tkrajina/gpxgo/gpx"
	"github.com/tormoder/fit"
)

// loops are what kneecheck is measured against: the least that a program must do that reads the same files, with one
// worker a processor as kneecheck has, and Go's own settings of the garbage collector.
var loops = map[string]func(data []byte) error{
	"read":      func([]byte) error { return nil },
	"read-crc":  checkCRC(bytewiseCRC),
	"read-crc8": checkCRC(slicedCRC),
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

// checkCRC compares the checksum that ends a FIT file: that of the whole file is 0.
func checkCRC(crc func([]byte) uint16) func([]byte) error {
	return func(data []byte) error {
		if crc(data) != 0 {
			return errors.New("the checksum is wrong")
		}
		return nil
	}
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
	if name == "gpsbabel" {
		return convert(files)
	}
	do := loops[name]
	if do == nil {
		return fmt.Errorf("there is no loop %q", name)
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
			err = do(b.Bytes())
		}
		if err != nil {
			return fmt.Errorf("%s: %w", files[i], err)
		}
		return nil
	})
}

// convert makes a CSV file of every file, as somebody must who wants to count in a spreadsheet.
func convert(files []string) error {
	dir, err := os.MkdirTemp("", "gpsbabel-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	return inParallel(len(files), func(i int) error {
		csv := filepath.Join(dir, filepath.Base(files[i])+".csv")
		return exec.Command("gpsbabel", "-i", "garmin_fit", "-f", files[i], "-o", "unicsv", "-F", csv).Run()
	})
}
