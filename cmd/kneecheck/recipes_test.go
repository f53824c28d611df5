//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// recipes is a machine on which the recipes of the documents run: a shell, the program, a folder in the place of each one that
// the documents name, and stand-ins that write down what they are given.
type recipes struct {
	t         *testing.T
	dir, sent string
	env       []string
	// quiet makes a runner of the machine in whose last week nothing fired.
	quiet        []string
	mu           sync.Mutex
	posts        []post
	replacements *strings.Replacer
}

// post is what a web server was sent.
type post struct {
	method, path, token string
	body                []byte
}

// standIn writes its name, its arguments and what it reads into a file of its own.
const standIn = `#!/bin/sh
{ echo "${0##*/} $*"; cat; } >"$(mktemp "$SENT/XXXXXX")"
`

// rewriting is curl, but for the server.
const rewriting = `#!/bin/sh
for arg; do
	shift
	set -- "$@" "$(printf %%s "$arg" | sed 's#^https://[^/]*#%s#')"
done
exec %s "$@"
`

func newRecipes(t *testing.T) *recipes {
	t.Helper()
	docWorld(t)
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	r := &recipes{t: t, dir: dir, sent: filepath.Join(dir, "sent")}
	home, calm, bin := os.Getenv("HOME"), filepath.Join(dir, "calm"), filepath.Join(dir, "stand-ins")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(os.MkdirAll(filepath.Join(home, "bin"), 0o777), os.Mkdir(bin, 0o777), os.Mkdir(r.sent, 0o777),
		os.Symlink(filepath.Join(dir, "runs"), filepath.Join(home, "runs")), os.Mkdir(calm, 0o777), os.Symlink(filepath.Join(home, "bin"), filepath.Join(calm, "bin")),
		os.Symlink(filepath.Join(dir, "athletes", "mara"), filepath.Join(calm, "runs")), os.Symlink(program, filepath.Join(bin, "kneecheck")))
	for _, name := range []string{"sendmail", "msmtp", "mail", "open", "systemctl", "loginctl", "launchctl"} {
		err = errors.Join(err, os.WriteFile(filepath.Join(bin, name), []byte(standIn), 0o777))
	}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.posts = append(r.posts, post{q.Method, q.URL.Path, q.Header.Get("Authorization"), body})
	}))
	t.Cleanup(server.Close)
	if curl, missing := exec.LookPath("curl"); missing == nil {
		err = errors.Join(err, os.WriteFile(filepath.Join(bin, "curl"), fmt.Appendf(nil, rewriting, server.URL, curl), 0o777))
	}
	if err != nil {
		t.Fatal(err)
	}
	r.env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "SENT="+r.sent, "GORACE=atexit_sleep_ms=10",
		nowVar+"=2026-08-03T07:00:00Z", // the Monday after a week in which something fired
		"TOPIC=topic", "SLACK_WEBHOOK=https://hooks.example.org/slack", "DISCORD_WEBHOOK=https://hooks.example.org/discord",
		"MATRIX_TOKEN=token", "ROOM=room", "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary.md"))
	r.quiet = []string{"HOME=" + calm, nowVar + "=2026-09-14T07:00:00Z"}
	r.replacements = strings.NewReplacer("/usr/local/bin/kneecheck", "kneecheck", "./bin/kneecheck", "kneecheck", "/usr/sbin/sendmail", "sendmail",
		"/srv/club", dir, "/tmp/", dir+"/")
	return r
}

// blocks are those of a page in a language.
func blocks(t *testing.T, page, language string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		if m[1] == language {
			out = append(out, m[2])
		}
	}
	return out
}

// run runs a script and returns its exit code. Wrong usage is no recipe, nor a command that there is not.
func (r *recipes) run(script string) int {
	r.t.Helper()
	cmd := exec.Command("sh", "-c", r.replacements.Replace(script))
	cmd.Env, cmd.Dir = r.env, r.dir
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		r.t.Fatal(err)
	}
	code := cmd.ProcessState.ExitCode()
	if code == 2 || code > 3 || bytes.Contains(out, []byte("not found")) {
		r.t.Errorf("%s\nexit code %d:\n%s", script, code, out)
	}
	return code
}

// taken are the files that stand-ins of a name wrote since they were last asked for, each its arguments and its input.
func (r *recipes) taken(name string) (args, inputs []string) {
	r.t.Helper()
	files, err := filepath.Glob(filepath.Join(r.sent, "*"))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			r.t.Fatal(err)
		}
		line, input, _ := strings.Cut(string(text), "\n")
		if rest, ok := strings.CutPrefix(line, name+" "); ok {
			args, inputs = append(args, rest), append(inputs, input)
			if err := os.Remove(file); err != nil {
				r.t.Fatal(err)
			}
		}
	}
	return args, inputs
}

// mails checks how many mails a program of the machine was given, each whole and to one person.
func (r *recipes) mails(program string, want int) {
	r.t.Helper()
	args, inputs := r.taken(program)
	if len(args) != want {
		r.t.Errorf("%s was called %d times, want %d", program, len(args), want)
	}
	for i, raw := range inputs {
		m, err := mail.ReadMessage(strings.NewReader(raw))
		if args[i] != "-t" || err != nil || m.Header.Get("To") != "<me@example.org>" || m.Header.Get("Subject") == "" {
			r.t.Errorf("%s %s (%v) got\n%.300s", program, args[i], err, raw)
		}
	}
}

// cronLine is a line of a crontab: when, and what.
var cronLine = regexp.MustCompile(`^([0-9*]+) ([0-9*]+) ([0-9*]+) ([0-9*]+) ([0-9*]+)\s+(.*)$`)

// jobs are the commands of the crontabs of a page. A percent sign would end a command.
func jobs(t *testing.T, page string) []string {
	t.Helper()
	var out []string
	for _, block := range blocks(t, page, "cron") {
		for line := range strings.Lines(block) {
			if strings.HasPrefix(line, "MAILTO=") {
				continue
			}
			m := cronLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
			if m == nil || strings.Contains(m[6], "%") {
				t.Errorf("%s: no line of a crontab: %s", page, line)
				continue
			}
			for i, most := range []int{59, 23, 31, 12, 7} {
				if n, err := strconv.Atoi(m[i+1]); m[i+1] != "*" && (err != nil || n > most) {
					t.Errorf("%s: %q is no time of a crontab", page, line)
				}
			}
			out = append(out, m[6])
		}
	}
	return out
}

// TestRecipesOfCron runs the scripts of docs/cron.md as far as a machine has what they need.
func TestRecipesOfCron(t *testing.T) {
	page, err := filepath.Abs("../../docs/cron.md")
	if err != nil {
		t.Fatal(err)
	}
	r := newRecipes(t)
	for _, script := range blocks(t, page, "sh") {
		switch {
		case strings.HasPrefix(script, "#!"):
			name := strings.TrimSuffix(strings.Fields(script)[2], ":")
			if err := os.WriteFile(filepath.Join(os.Getenv("HOME"), "bin", name), []byte(r.replacements.Replace(script)), 0o777); err != nil {
				t.Fatal(err)
			}
		case strings.Contains(script, "curl"):
			r.chats(script)
		default:
			r.run(script)
		}
	}
	r.mails("sendmail", 1)
	r.mails("msmtp", 1)
	if args, inputs := r.taken("mail"); len(args) != 1 || args[0] != "-s Running me@example.org" || !strings.Contains(inputs[0], "findings") {
		t.Errorf("mail %q got %q", args, inputs)
	}
	for _, job := range jobs(t, page) {
		if code := r.run(job); code != 0 {
			t.Errorf("%s: exit code %d", job, code)
		}
	}
	r.mails("sendmail", 2)

	// No mail about a week in which nothing fired.
	r.env = append(r.env, r.quiet...)
	r.run("$HOME/bin/running-mail")
	r.mails("sendmail", 0)
}

// chats runs what sends the week to chats, which take JSON of their own and so much of it.
func (r *recipes) chats(script string) {
	for _, program := range []string{"curl", "jq"} {
		if _, err := exec.LookPath(program); err != nil {
			r.t.Logf("there is no %s: nothing is sent to a chat", program)
			return
		}
	}
	long := filepath.Join(r.dir, "long")
	if err := errors.Join(os.MkdirAll(long, 0o777), os.WriteFile(filepath.Join(long, "kneecheck"), []byte("#!/bin/sh\nprintf 'ö🏃\"\\\\ %.0s' $(seq 2000)\n"), 0o777)); err != nil {
		r.t.Fatal(err)
	}
	before := r.env
	for _, path := range []string{"", long + ":"} {
		r.env = before
		if path != "" {
			r.env = append(slices.Clone(before), "PATH="+path+filepath.Join(r.dir, "stand-ins")+":"+os.Getenv("PATH"))
		}
		if code := r.run(script); code != 0 {
			r.t.Errorf("%s: exit code %d", script, code)
		}
		posts := r.received()
		if len(posts) == 0 {
			r.t.Errorf("%s\nsends nothing", script)
		}
		for _, p := range posts {
			r.chat(p)
		}
	}
	// Nothing is sent about a week in which nothing fired.
	r.env = append(slices.Clone(before), r.quiet...)
	r.run(script)
	if posts := r.received(); len(posts) > 0 {
		r.t.Errorf("%s\nsends %q", script, posts[0].body)
	}
	r.env = before
}

// received is what the server was sent since it was last asked.
func (r *recipes) received() []post {
	r.mu.Lock()
	defer r.mu.Unlock()
	posts := r.posts
	r.posts = nil
	return posts
}

func (r *recipes) chat(p post) {
	var message struct{ Text, Content, MsgType, Body string }
	field := &message.Body
	switch {
	case p.path == "/topic":
		if !utf8.Valid(p.body) || len(p.body) == 0 {
			r.t.Errorf("ntfy got %q", p.body)
		}
		return
	case p.path == "/slack":
		field = &message.Text
	case p.path == "/discord":
		field = &message.Content
	case p.method == http.MethodPut && strings.HasPrefix(p.path, "/_matrix/client/v3/rooms/room/send/m.room.message/") && p.token == "Bearer token":
	default:
		r.t.Errorf("%s %s is no chat", p.method, p.path)
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(p.body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&message); err != nil || *field == "" {
		r.t.Errorf("%s got %v: %.200s", p.path, err, p.body)
	}
	if n := utf8.RuneCountInString(message.Content); n > 2000 {
		r.t.Errorf("Discord got %d characters", n)
	}
}

// TestRecipesOfServices holds the files for systemd and launchd against those who read them, as far as they are here.
func TestRecipesOfServices(t *testing.T) {
	page, err := filepath.Abs("../../docs/cron.md")
	if err != nil {
		t.Fatal(err)
	}
	r := newRecipes(t)
	units := blocks(t, page, "ini")
	if len(units) != 2 {
		t.Fatalf("%d units", len(units))
	}
	runtime := filepath.Join(r.dir, "run")
	err = errors.Join(os.WriteFile("running.service", []byte(units[0]), 0o666), os.WriteFile("running.timer", []byte(units[1]), 0o666),
		os.Mkdir(runtime, 0o700), os.WriteFile(filepath.Join(os.Getenv("HOME"), "bin", "running-mail"), []byte("#!/bin/sh\n"), 0o777))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Log("there is no systemd-analyze: nobody looks at the units")
	} else {
		verify := exec.Command("systemd-analyze", "--user", "verify", "./running.service", "./running.timer")
		verify.Env = append(r.env, "XDG_RUNTIME_DIR="+runtime)
		if out, err := verify.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("systemd-analyze: %v\n%s", err, out)
		}
	}

	lists := blocks(t, page, "xml")
	if len(lists) != 1 {
		t.Fatalf("%d property lists", len(lists))
	}
	var list struct {
		Dict struct {
			Keys    []string `xml:"key"`
			Label   string   `xml:"string"`
			Program []string `xml:"array>string"`
			Time    struct {
				Keys   []string `xml:"key"`
				Values []int    `xml:"integer"`
			} `xml:"dict"`
		} `xml:"dict"`
	}
	if err := xml.Unmarshal([]byte(lists[0]), &list); err != nil {
		t.Fatal(err)
	}
	d := &list.Dict
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Keys, []string{"Label", "ProgramArguments", "StartCalendarInterval"}) || !slices.Equal(d.Time.Keys, []string{"Weekday", "Hour", "Minute"}) ||
		!slices.Equal(d.Time.Values, []int{1, 7, 0}) || len(d.Program) != 1 || !bytes.Contains(text, []byte("LaunchAgents/"+d.Label+".plist")) {
		t.Errorf("%+v", list)
	}
}

// TestRecipesOfCoach runs the scripts of docs/coach.md, and what the workflows of GitHub and GitLab run.
func TestRecipesOfCoach(t *testing.T) {
	page, err := filepath.Abs("../../docs/coach.md")
	if err != nil {
		t.Fatal(err)
	}
	r := newRecipes(t)
	if err := writeLog("every @168\nweek 2026-06-01 x8 _ 5 _ 6 _ _ 10\nweek +1 _ 5 _ 6 _ _ 25\n", filepath.Join(r.dir, "athletes", "zoe")); err != nil {
		t.Fatal(err)
	}
	for _, script := range blocks(t, page, "sh") {
		if strings.Contains(script, "jq") {
			if _, err := exec.LookPath("jq"); err != nil {
				t.Log("there is no jq: nobody is called")
				continue
			}
		}
		if code := r.run(script); code != 0 {
			t.Errorf("%s: exit code %d", script, code)
		}
	}
	if args, inputs := r.taken("mail"); len(args) != 1 || !strings.Contains(inputs[0], "zoe") {
		t.Errorf("mail %q got %q", args, inputs)
	}
	if _, inputs := r.taken("sendmail"); len(inputs) != 1 || !strings.Contains(inputs[0], "zoe") {
		t.Errorf("sendmail got %q", inputs)
	}
	for _, job := range jobs(t, page) {
		r.run(job)
	}

	flows := blocks(t, page, "yaml")
	if len(flows) != 2 {
		t.Fatalf("%d workflows", len(flows))
	}
	var github struct {
		Name string
		On   struct {
			Schedule []struct{ Cron string }
			Push     struct{ Paths []string }
		}
		Jobs map[string]struct {
			RunsOn string `yaml:"runs-on"`
			Steps  []struct {
				Uses, Run, If string
				With, Env     map[string]string
			}
		}
	}
	decoder := yaml.NewDecoder(strings.NewReader(flows[0]))
	decoder.KnownFields(true)
	if err := decoder.Decode(&github); err != nil {
		t.Fatal(err)
	}
	var codes []int
	for _, step := range github.Jobs["check"].Steps {
		if (step.Uses == "") == (step.Run == "") {
			t.Errorf("a step must run or use something: %+v", step)
		}
		if step.Run != "" {
			codes = append(codes, r.run(step.Run))
		}
	}
	if !slices.Equal(codes, []int{1, 0}) {
		t.Errorf("exit codes %v", codes)
	}
	if table, err := os.ReadFile("summary.md"); err != nil || !bytes.Contains(table, []byte("athlete-")) || bytes.Contains(table, []byte("zoe")) {
		t.Errorf("the summary (%v) is %s", err, table)
	}
	if m := cronLine.FindStringSubmatch(github.On.Schedule[0].Cron + " x"); m == nil {
		t.Errorf("%q is no time", github.On.Schedule[0].Cron)
	}
	for _, made := range []string{"table.md", "kneecheck.xml", "summary.md"} {
		if err := os.Remove(made); err != nil {
			t.Error(err)
		}
	}

	var gitlab map[string]struct {
		Script []string
		Cache  struct {
			Key   string
			Paths []string
		}
		Variables    map[string]string
		AllowFailure struct {
			ExitCodes []int `yaml:"exit_codes"`
		} `yaml:"allow_failure"`
		Artifacts struct {
			When    string
			Paths   []string
			Reports struct{ JUnit string }
		}
	}
	decoder = yaml.NewDecoder(strings.NewReader(flows[1]))
	decoder.KnownFields(true)
	if err := decoder.Decode(&gitlab); err != nil {
		t.Fatal(err)
	}
	job := gitlab["running"]
	for _, line := range job.Script {
		if code := r.run(line); code != 1 {
			t.Errorf("%s: exit code %d", line, code)
		}
	}
	for _, made := range append(job.Artifacts.Paths, job.Artifacts.Reports.JUnit) {
		if _, err := os.Stat(made); err != nil {
			t.Error(err)
		}
	}
}
