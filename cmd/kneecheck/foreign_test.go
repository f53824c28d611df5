package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestForeignParquet reads every table with a Parquet reader in another language and holds all of its values against the
// JSON Lines of the same table.
func TestForeignParquet(t *testing.T) {
	needNode(t)
	folders := map[string]string{"demo": "../../testdata/demo"}
	if root := os.Getenv("KNEECHECK_CORPUS"); root != "" {
		folders["mini-strava-export"] = filepath.Join(root, "mini-strava-export")
	} else {
		t.Log("KNEECHECK_CORPUS names no folder of real files: only the synthetic log is read")
	}
	for name, folder := range folders {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var files []string
			tables := []string{"runs", "weeks", "findings", "samples"}
			for _, table := range tables {
				for _, format := range []string{"parquet", "jsonl"} {
					file := filepath.Join(dir, table+"."+format)
					program(t, "2026-09-20", 0, "export", table, folder, "--format", format, "-o", file)
					files = append(files, file)
				}
			}
			out := string(node(t, nil, "parquet.mjs", files...))
			for _, table := range tables {
				rows := 0
				for line := range strings.Lines(out) {
					fmt.Sscanf(line, table+" %d", &rows)
				}
				if rows == 0 {
					t.Errorf("no row of %s was read", table)
				}
			}
			t.Logf("\n%s", out)
		})
	}
}

// athletes writes the folders of a coach: one with problems, one with a name that is hard to print, one in which nothing
// fired, one without a readable file.
func athletes(t *testing.T) []string {
	t.Helper()
	folder := t.TempDir()
	for name, note := range map[string]string{"eva": fullNote, "jonas <&\"> 走": shortNote, "mara": quietNote} {
		if err := writeLog(note, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "timo"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "timo", "broken.fit"), []byte("\x0e\x10\x00\x00\xff\xff\xff\xff.FIT"), 0o666); err != nil {
		t.Fatal(err)
	}
	folders, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return folders
}

// olderJUnit is a module that holds, under the MIT licence, the schema that Jenkins' plugins shared before junit-10, and that many
// tools still check with. It lacks one thing: the reason of a skipped case as an attribute, which Ant, Surefire, pytest and Jenkins
// write and read today.
const olderJUnit = "github.com/yannh/kubeconform@v0.6.7"

// TestForeignJUnit holds the results of a coach's folder against the schemas of Jenkins' plugins: the present one as far as it is
// needed, and the older one whole.
func TestForeignJUnit(t *testing.T) {
	if os.Getenv(browserVar) == "" {
		t.Skip(browserVar + " is not set, so the readers of other projects are not asked for")
	}
	file := filepath.Join(t.TempDir(), "junit.xml")
	program(t, "2026-06-14", 1, append([]string{"check", "--each", "--format", "junit", "-o", file}, athletes(t)...)...)
	if out, err := exec.Command("xmllint", "--noout", "--nonet", "--schema", filepath.Join(nodeFolder, "junit.xsd"), file).CombinedOutput(); err != nil {
		data, _ := os.ReadFile(file)
		t.Fatalf("xmllint: %v\n%s\n%s", err, out, data)
	}

	get := exec.Command("go", "mod", "download", "-json", olderJUnit)
	get.Dir = t.TempDir()
	answer, err := get.Output()
	var module struct{ Dir string }
	if err := errors.Join(err, json.Unmarshal(answer, &module)); err != nil {
		t.Fatalf("%s: %v\n%s", olderJUnit, err, answer)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	bare := regexp.MustCompile(`<skipped message="[^"]*"`).ReplaceAll(data, []byte("<skipped"))
	if bytes.Equal(bare, data) {
		t.Error("no case is skipped")
	}
	if err := os.WriteFile(file, bare, 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("xmllint", "--noout", "--nonet", "--schema", filepath.Join(module.Dir, "fixtures", "junit.xsd"), file).CombinedOutput(); err != nil {
		t.Fatalf("xmllint: %v\n%s\n%s", err, out, bare)
	}
}

// TestForeignMail reads the weekly mail with a reader of MIME in another language.
func TestForeignMail(t *testing.T) {
	needNode(t)
	folder := t.TempDir()
	if err := writeLog(fullNote, filepath.Join(folder, "läufe 走")); err != nil {
		t.Fatal(err)
	}
	mail := program(t, "2026-06-14", 0, "report", filepath.Join(folder, "läufe 走"), "--week", "2026-W22", "--format", "eml",
		"--from", "kneecheck@example.org", "--to", "runner@example.org")
	var got struct {
		From, Subject, Text, HTML string
		To                        []string
		Attachments               int
	}
	if err := json.Unmarshal(node(t, bytes.NewReader(mail), "mail.mjs"), &got); err != nil {
		t.Fatal(err)
	}
	if got.From != "kneecheck@example.org" || strings.Join(got.To, " ") != "runner@example.org" {
		t.Errorf("from %q to %q", got.From, got.To)
	}
	for where, text := range map[string]string{"the subject": got.Subject, "the text": got.Text, "the HTML": got.HTML} {
		if !strings.Contains(text, "52.4\u00a0km") && !strings.Contains(text, "52.4 km") {
			t.Errorf("%s does not tell the week's 52.4 km: %.200q", where, text)
		}
		if strings.Contains(text, "=C3") || strings.Contains(text, "\ufffd") {
			t.Errorf("%s is not decoded: %.200q", where, text)
		}
	}
	if got.Attachments != 0 {
		t.Errorf("%d attachments", got.Attachments)
	}
}
