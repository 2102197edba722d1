package articles

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/knowledge"
	"gatehouse/test/awscli"
	"gatehouse/test/server"
)

const (
	account        = "000000000000"
	region         = "us-east-1"
	articleTimeout = 3 * time.Minute
	marker         = "=== command "
	status         = "=== status "
	pages          = "=== pages"
)

func library(t *testing.T) *knowledge.Library {
	t.Helper()
	library, err := knowledge.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	return library
}

// Every article names a test, or says why nothing in it can be executed. One that names a
// test has blocks of that name and a script, and is verified; another does not say that it
// is.
func TestArticlesAndScriptsAgree(t *testing.T) {
	used := map[string]bool{}
	for _, article := range library(t).Articles() {
		commands := Commands(article)
		for _, command := range commands {
			if command.Test != article.Test {
				t.Errorf("%s has a block of test %q, its test is %q", article.ID, command.Test, article.Test)
			}
		}
		if (article.Test != "") != (len(commands) > 0) || (article.Verified != "") != (len(commands) > 0) {
			t.Errorf("%s: test %q, verified %q, %d commands", article.ID, article.Test, article.Verified, len(commands))
		}
		if (article.Test == "") == (article.Untestable == "") {
			t.Errorf("%s must have a test, or say in untestable why it has none: test %q, untestable %q", article.ID, article.Test, article.Untestable)
		}
		if article.Test == "" {
			continue
		}
		if unmarked := unmarkedBlocks(article); article.Test != "" && unmarked > 0 {
			t.Errorf("%s has %d blocks of commands that are not executed", article.ID, unmarked)
		}
		used[article.Test+".sh"] = true
		if _, err := os.Stat(filepath.Join("scripts", article.Test+".sh")); err != nil {
			t.Errorf("%s: %v", article.ID, err)
		}
	}
	scripts, err := os.ReadDir("scripts")
	if err != nil {
		t.Fatal(err)
	}
	for _, script := range scripts {
		if !used[script.Name()] {
			t.Errorf("no article uses scripts/%s", script.Name())
		}
	}
}

func TestArticles(t *testing.T) {
	binary, endpoint := server.Build(t), os.Getenv("GATEHOUSE_URL")
	if endpoint == "" {
		endpoint = server.RunBinary(t, binary).Url()
	}
	environment := shellEnvironment(t, endpoint, binary)
	for _, article := range library(t).Articles() {
		if article.Test == "" {
			continue
		}
		t.Run(article.ID, func(t *testing.T) {
			t.Parallel()
			run(t, environment, article)
		})
	}
}

// shellEnvironment is what the shells of all articles see.
func shellEnvironment(t *testing.T, endpoint, binary string) []string {
	t.Helper()
	environment := append(os.Environ(), "ENDPOINT="+endpoint, "AWS_ENDPOINT_URL="+endpoint, "ACCOUNT="+account, "AWS_ACCESS_KEY_ID="+account,
		"AWS_SECRET_ACCESS_KEY=test", "AWS_DEFAULT_REGION="+region, "AWS_PAGER=", "AWS_EC2_METADATA_DISABLED=true")
	return append(environment, awscli.Start(t, filepath.Dir(binary))...)
}

// run executes the commands of an article in one shell and compares what each prints.
func run(t *testing.T, environment []string, article *knowledge.Article) {
	t.Helper()
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	commands := Commands(article)
	var script strings.Builder
	fmt.Fprintf(&script, "set -u -o pipefail\nHERE=%q\n. %q\n. %q\n", here, filepath.Join(here, "setup.sh"), filepath.Join(here, "scripts", article.Test+".sh"))
	for i, command := range commands {
		fmt.Fprintf(&script, "echo; echo '%s%d'\n%s\necho %s$?\n", marker, i, command.Text, status)
	}
	script.WriteString(openWithRequests(article))
	ctx, cancel := context.WithTimeout(t.Context(), articleTimeout)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-c", script.String())
	shell.Dir = t.TempDir()
	shell.Env, shell.WaitDelay = environment, 10*time.Second
	output, err := shell.CombinedOutput()
	if ctx.Err() != nil || !strings.Contains(string(output), marker) {
		t.Fatalf("%v\n%s", err, output)
	}
	commandsOutput, opened, _ := strings.Cut(string(output), "\n"+pages+"\n")
	if len(article.Causes) > 0 && !strings.Contains(opened, "<dt>Cause</dt>") {
		t.Errorf("opened with its own requests, the article names no cause that applies:\n%s", opened)
	}
	output = []byte(commandsOutput)
	for i, command := range commands {
		_, printed, _ := strings.Cut(string(output), fmt.Sprintf("%s%d\n", marker, i))
		printed, _, _ = strings.Cut(printed, "\n"+marker)
		if missing, ok := command.Missing(printed); ok {
			t.Errorf("$ %s\nshould print %q, prints:\n%s", command.Text, missing, printed)
		}
		if len(command.Want) == 0 && !strings.Contains(printed, status+"0\n") {
			t.Errorf("$ %s\nfails, and the article does not say so:\n%s", command.Text, printed)
		}
	}
}

// openWithRequests opens an article that has causes with each request that failed in its
// way, as ?request= does, and prints what the page says of the request.
func openWithRequests(article *knowledge.Article) string {
	if len(article.Causes) == 0 {
		return ""
	}
	return fmt.Sprintf("echo; echo '%s'\nopen_with_requests %s %s\n", pages, article.ID, strings.Join(article.Errors, " "))
}

func TestCommands(t *testing.T) {
	commands := commandsOf(strings.Split("$ one \\\n    more\nfirst\n\n$ two\n  second: {", "\n"), "x")
	if len(commands) != 2 || commands[0].Text != "one \\\n    more" || len(commands[0].Want) != 1 || commands[1].Want[0] != "second: {" {
		t.Errorf("got %+v", commands)
	}
	c := Command{Want: []string{"b", "c"}}
	if _, missing := c.Missing("a\nxbx\nc"); missing {
		t.Error("b and c are there")
	}
	if line, missing := c.Missing("c\nb"); !missing || line != "c" {
		t.Error("c is before b")
	}
}
