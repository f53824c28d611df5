package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TestDemoIsCurrent holds testdata/demo to what this command writes.
func TestDemoIsCurrent(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the committed log was written on amd64; other processors round some last digits differently")
	}
	dir := filepath.Join("..", "..", "..", "testdata", "demo")
	want := demo()
	for name, content := range want {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.Equal(unzip(t, got), unzip(t, content)) {
			t.Errorf("%s is not what gen writes; run go generate ./cmd/internal/gen (%v)", name, err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, ok := want[e.Name()]; !ok {
			t.Errorf("%s is not written by gen", e.Name())
		}
	}
}

// unzip gives what a file holds, compressed or not: compressors may change, the content must not.
func unzip(t *testing.T, b []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return b
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
