package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// command is a program to be timed, from its start to its end.
type command struct {
	argv []string
	// into is a second program that reads what the first one writes, or nothing.
	into []string
	// env is added to the environment; one processor more or less is GOMAXPROCS here.
	env []string
	// before prepares a round and is not timed.
	before func() error
	// also is a second command whose time is added, run after the first.
	also *command
}

// cost is what a command took once.
type cost struct {
	wall, cpu time.Duration
	// rssMiB is the peak of the largest process.
	rssMiB float64
}

// environ is the environment of every command: nothing of the user's that changes what is measured.
func environ(scratch string) []string {
	env := slices.DeleteFunc(os.Environ(), func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		return strings.HasPrefix(name, "GO") || strings.HasPrefix(name, "KNEECHECK_") || strings.HasPrefix(name, "XDG_") || name == "HOME"
	})
	return append(env, "HOME="+scratch, "XDG_CONFIG_HOME="+filepath.Join(scratch, "config"), "XDG_CACHE_HOME="+cacheFolder(scratch), "GOMAXPROCS=2")
}

// cacheFolder is where kneecheck keeps its cache while it is measured.
func cacheFolder(scratch string) string { return filepath.Join(scratch, "cache") }

// time runs a command once.
func (c *command) time(scratch string) (cost, error) {
	if c.before != nil {
		if err := c.before(); err != nil {
			return cost{}, err
		}
	}
	env := append(environ(scratch), c.env...)
	first := exec.Command(c.argv[0], c.argv[1:]...)
	first.Env = env
	processes := []*exec.Cmd{first}
	if c.into != nil {
		second := exec.Command(c.into[0], c.into[1:]...)
		second.Env = env
		r, w, err := os.Pipe()
		if err != nil {
			return cost{}, err
		}
		first.Stdout, second.Stdin = w, r
		processes = append(processes, second)
	}
	began := time.Now()
	for _, p := range processes {
		if err := p.Start(); err != nil {
			return cost{}, err
		}
		for _, end := range []any{p.Stdin, p.Stdout} {
			// The parent's end of the pipe must go, or the reader never sees its end.
			if f, ok := end.(*os.File); ok {
				f.Close()
			}
		}
	}
	var sum cost
	for _, p := range processes {
		if err := p.Wait(); err != nil {
			return cost{}, fmt.Errorf("%s: %w", strings.Join(p.Args, " "), err)
		}
		sum.cpu += p.ProcessState.UserTime() + p.ProcessState.SystemTime()
		sum.rssMiB = max(sum.rssMiB, peakMiB(p.ProcessState))
	}
	sum.wall = time.Since(began)
	if c.also != nil {
		more, err := c.also.time(scratch)
		if err != nil {
			return cost{}, err
		}
		sum.wall += more.wall
		sum.cpu += more.cpu
		sum.rssMiB = max(sum.rssMiB, more.rssMiB)
	}
	return sum, nil
}

// series is the cost of a command in every round.
type series []cost

func (s series) wall() stat { return statOf(s, func(c cost) float64 { return c.wall.Seconds() }) }

func (s series) rss() stat { return statOf(s, func(c cost) float64 { return c.rssMiB }) }

// stat is a median and its range.
type stat struct{ median, min, max float64 }

func statOf[T any](all []T, of func(T) float64) stat {
	values := make([]float64, 0, len(all))
	for _, v := range all {
		values = append(values, of(v))
	}
	slices.Sort(values)
	n := len(values)
	return stat{median: (values[(n-1)/2] + values[n/2]) / 2, min: values[0], max: values[n-1]}
}

// pair times two commands in turns, the other one first in every second round.
func pair(what, against *command, rounds int, scratch string) (a, b series, err error) {
	for i := range rounds {
		order := []struct {
			c    *command
			into *series
		}{{what, &a}, {against, &b}}
		if i%2 == 1 {
			slices.Reverse(order)
		}
		for _, o := range order {
			c, err := o.c.time(scratch)
			if err != nil {
				return nil, nil, err
			}
			*o.into = append(*o.into, c)
		}
	}
	return a, b, nil
}

// ratios are those of the rounds: of the time and of the processor's time.
func ratios(a, b series) (wall, cpu stat) {
	var walls, cpus []float64
	for i := range a {
		walls = append(walls, a[i].wall.Seconds()/b[i].wall.Seconds())
		cpus = append(cpus, a[i].cpu.Seconds()/b[i].cpu.Seconds())
	}
	self := func(v float64) float64 { return v }
	return statOf(walls, self), statOf(cpus, self)
}
