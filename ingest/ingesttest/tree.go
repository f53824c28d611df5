package ingesttest

import (
	"os"
	"path/filepath"
)

// WriteTree writes files below a folder, by their names with slashes, and the folders that they need.
func WriteTree(dir string, files map[string]string) error {
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}
