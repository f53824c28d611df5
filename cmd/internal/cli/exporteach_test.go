//go:build unix

package cli

import (
	"path/filepath"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest/ingesttest"
)

// TestExportEachRemembers: what was read of the athletes is remembered although whoever reads the table goes away.
func TestExportEachRemembers(t *testing.T) {
	dir := t.TempDir()
	run := ingesttest.Run{Start: time.Date(2026, 6, 1, 7, 0, 0, 0, time.UTC), DistM: 3000, SpeedMPS: 2.8, CadenceSPM: 160, EveryS: 20}
	if err := ingesttest.WriteTree(dir, map[string]string{"eva/1.fit": string(run.FIT()), "mara/1.fit": string(run.FIT())}); err != nil {
		t.Fatal(err)
	}
	env, _, errs := testEnv(nil)
	env.Out, env.CacheDir = brokenPipe{}, filepath.Join(dir, "cache")
	if code := Main([]string{"export", "runs", "--each", filepath.Join(dir, "eva"), filepath.Join(dir, "mara")}, env); code != exitDone || errs.Len() > 0 {
		t.Fatalf("exit code %d, stderr %q", code, errs)
	}
	info, err := (&analyze.Memo{File: filepath.Join(env.CacheDir, filepath.FromSlash(memoName))}).Info()
	if err != nil || info.Files != 2 || info.Runs != 2 {
		t.Errorf("%+v, %v", info, err)
	}
}
