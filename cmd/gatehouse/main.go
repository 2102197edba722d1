// Command gatehouse is the server and its tools: serve, demo, explain, kb, template,
// state, doctor, version.
//
// It reads flags and says what happened; everything else is in internal/app and the
// packages it wires. Begin at commands.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	"golang.org/x/sys/unix"

	"gatehouse/internal/lambda"
)

// version is set by the linker.
var version = "development"

// commands is the command line.
type commands struct {
	Serve    serveCommand    `cmd:"" help:"Run the server."`
	Demo     demoCommand     `cmd:"" help:"Run the server with an example API and print what to try."`
	Template templateCommand `cmd:"" help:"Evaluate and test mapping templates."`
	Explain  explainCommand  `cmd:"" help:"Say why a request was answered as it was, and what would mend it."`
	Kb       kbCommand       `cmd:"" help:"Read the knowledge base, with or without a server."`
	State    stateCommand    `cmd:"" help:"Export and import what is kept."`
	Doctor   doctorCommand   `cmd:"" help:"Check the data of a server that is not running."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

// streams is where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
	context  context.Context // kong hands commands values, not a context
}

func (t *streams) logger(level string) *slog.Logger {
	var parsed slog.Level
	if err := parsed.UnmarshalText([]byte(level)); err != nil {
		parsed = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(t.err, &slog.HandlerOptions{Level: parsed}))
}

// isTerminal says whether people read the output as it comes.
func (t *streams) isTerminal() bool { return t.width() > 0 }

// colors says whether the output may have escape sequences (https://no-color.org).
func (t *streams) colors() bool {
	return t.isTerminal() && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// The width of a terminal that does not say its own, and the widest text that reads well.
const (
	usualWidth  = 80
	widestLines = 110
)

// width is how wide text is to be on the terminal, in characters; 0 where the output is
// none.
func (t *streams) width() int {
	file, ok := t.out.(*os.File)
	if !ok {
		return 0
	}
	size, err := unix.IoctlGetWinsize(int(file.Fd()), unix.TIOCGWINSZ)
	switch {
	case err != nil:
		return 0
	case size.Col == 0:
		return usualWidth
	}
	return min(int(size.Col), widestLines)
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(t *streams) error {
	_, err := fmt.Fprintln(t.out, "gatehouse", version)
	return err
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == lambda.SandboxArgument {
		os.Exit(lambda.SandboxMain(os.Args[2:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var line commands
	parsed := kong.Parse(&line, kong.Name("gatehouse"), kong.UsageOnError(), kong.Configuration(loadConfigFile),
		kong.Description("The API Gateway you run yourself."), kong.Bind(&streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, context: ctx}))
	if err := parsed.Run(&line.Kb); err != nil {
		fmt.Fprintln(os.Stderr, "gatehouse:", err)
		os.Exit(1)
	}
}
