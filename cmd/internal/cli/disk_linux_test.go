package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestTinyDisk writes more than a tiny disk holds: the file keeps what it held and nothing is left beside it.
func TestTinyDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("no tiny disk can be mounted: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	}()
	file := filepath.Join(dir, "report.txt")
	if err := writeFile(file, []byte("old")); err != nil {
		t.Fatal(err)
	}
	big := bytes.Repeat([]byte("x"), 1<<20)
	stream := func(w io.Writer) error { _, err := w.Write(big); return err }
	for name, err := range map[string]error{"writeFile": writeFile(file, big), "streamTo": streamTo(nil, file, stream)} {
		if !errors.Is(err, syscall.ENOSPC) || exitCode(err) != exitUsage || !strings.HasPrefix(sentence(err), "-o "+file+": no space left") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != "old" {
		t.Errorf("the file holds %q, %v", data, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
