package ingest

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kneecheck/ingest/ingesttest"
)

// tree writes files below a new folder and makes it the working directory.
func tree(t *testing.T, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	if err := ingesttest.WriteTree(dir, files); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
}

func names(files []File) []string {
	out := []string{}
	for _, f := range files {
		out = append(out, f.Name)
	}
	return out
}

func TestDiscover(t *testing.T) {
	tree(t, map[string]string{
		"runs/b.fit": "", "runs/2024/a.GPX": "", "runs/notes.txt": "", "runs/.hidden.fit": "", "runs/.git/x.fit": "", "other/c.fit": "",
	})
	for _, tc := range []struct {
		name  string
		paths []string
		want  []string
	}{
		{"a folder, hidden entries skipped", []string{"runs"}, []string{"runs/2024/a.GPX", "runs/b.fit", "runs/notes.txt"}},
		{"a trailing slash changes nothing", []string{"runs/"}, []string{"runs/2024/a.GPX", "runs/b.fit", "runs/notes.txt"}},
		{"the order of paths does not matter, and nothing is read twice", []string{"runs/b.fit", "other", "runs"},
			[]string{"other/c.fit", "runs/2024/a.GPX", "runs/b.fit", "runs/notes.txt"}},
		{"a hidden file named outright is meant", []string{"runs/.hidden.fit"}, []string{"runs/.hidden.fit"}},
		{"dots lead nowhere else", []string{"./runs/../other"}, []string{"other/c.fit"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			files, problems, err := Discover(context.Background(), tc.paths, Options{})
			if err != nil || len(problems) != 0 {
				t.Fatalf("problems %v, error %v", problems, err)
			}
			if d := cmp.Diff(tc.want, names(files)); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func TestDiscoverMissingPath(t *testing.T) {
	_, _, err := Discover(context.Background(), []string{filepath.Join(t.TempDir(), "nowhere")}, Options{})
	if err == nil {
		t.Fatal("a path that does not exist was accepted")
	}
}

func TestDiscoverLinks(t *testing.T) {
	tree(t, map[string]string{"runs/a.fit": "", "elsewhere/b.fit": ""})
	for link, target := range map[string]string{"runs/up": "..", "runs/b.fit": "../elsewhere/b.fit", "runs/gone.fit": "nothing"} {
		if err := os.Symlink(target, link); err != nil {
			t.Skip("this system cannot make links: ", err)
		}
	}
	files, problems, err := Discover(context.Background(), []string{"runs"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"runs/a.fit", "runs/b.fit"}, names(files)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if len(problems) != 1 || problems[0].File != "runs/gone.fit" || problems[0].Kind != Unreadable {
		t.Errorf("the broken link gave %v", problems)
	}
}
