package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kneecheck/analyze/sidecsv"
	"kneecheck/rules"
)

// baseline is what check --new-only has told before.
type baseline struct {
	file string
	told []rules.Told
}

// openBaseline reads the file named, or the one of the log in the user's folder for state. What cannot be read, or could
// not be written afterwards, ends the check before it prints anything: to tell everything instead, or nothing, would be
// wrong without anybody noticing.
func (r *reading) openBaseline(file string) (*baseline, error) {
	if file == "" {
		var err error
		if file, err = r.baselineFile(); err != nil {
			return nil, err
		}
		if err = os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return nil, fmt.Errorf("--new-only: %s: %w", filepath.Dir(file), plainPathError(err))
		}
	}
	data, err := sidecsv.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		fmt.Fprintf(r.env.Err, "kneecheck: --new-only: nothing is known to have been reported before; %s remembers from now on\n", printable(file))
	case err != nil:
		return nil, fmt.Errorf("--new-only: %s: %w", file, plainPathError(err))
	}
	b := &baseline{file: file}
	if b.told, err = rules.ParseTold(file, data); err != nil {
		return nil, err
	}
	if err := sidecsv.Append(file, rules.ToldColumns()); err != nil {
		return nil, fmt.Errorf("--new-only: %s cannot be written: %w", file, plainPathError(err))
	}
	return b, nil
}

// baselineFile is the file of the log in the user's folder for state ($XDG_STATE_HOME), named for the paths as they lie on
// the disk.
func (r *reading) baselineFile() (string, error) {
	state, err := stateFolder(r.env)
	if err != nil {
		return "", err
	}
	var name strings.Builder
	for _, p := range r.paths {
		abs, err := filepath.Abs(p)
		if err != nil {
			return "", fmt.Errorf("--new-only: %s: %w", p, err)
		}
		fmt.Fprintf(&name, "%s\x00", abs)
	}
	sum := sha256.Sum256([]byte(name.String()))
	return filepath.Join(state, "kneecheck", "reported-"+hex.EncodeToString(sum[:8])+".csv"), nil
}

// save remembers what has been told.
func (b *baseline) save() error {
	rows := make([]map[string]string, len(b.told))
	for i := range b.told {
		rows[i] = b.told[i].Row()
	}
	if err := sidecsv.Write(b.file, rules.ToldColumns(), rows...); err != nil {
		return fmt.Errorf("--new-only: %s cannot be written, so that the next check tells the same again: %w", b.file, plainPathError(err))
	}
	return nil
}

// stateFolder is the user's folder for what programs remember.
func stateFolder(env *Env) (string, error) {
	if state := env.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return state, nil
	}
	switch home, local := env.Getenv("HOME"), env.Getenv("LocalAppData"); {
	case home != "":
		return filepath.Join(home, ".local", "state"), nil
	case local != "":
		return local, nil
	}
	return "", errors.New("--new-only: there is no folder for state (set XDG_STATE_HOME or HOME, or give --baseline FILE)")
}
