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
	out, err io.Writer
	context  context.Context //nolint:containedctx // kong hands commands values, not a context
}

func (t *streams) logger(level string) *slog.Logger {
	var parsed slog.Level
	if err := parsed.UnmarshalText([]byte(level)); err != nil {
		parsed = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(t.err, &slog.HandlerOptions{Level: parsed}))
}

// isTerminal says whether people read the output as it comes.
func (t *streams) isTerminal() bool {
	file, ok := t.out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
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
		kong.Description("The API Gateway you run yourself."), kong.Bind(&streams{out: os.Stdout, err: os.Stderr, context: ctx}))
	if err := parsed.Run(&line.Kb); err != nil {
		fmt.Fprintln(os.Stderr, "gatehouse:", err)
		os.Exit(1)
	}
}
