package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/alecthomas/kong"

	"gatehouse/internal/app"
	"gatehouse/internal/config"
	"gatehouse/internal/demo"
	"gatehouse/internal/lambda"
)

type serveCommand struct {
	ConfigFile kong.ConfigFlag `name:"config" env:"GATEHOUSE_CONFIG" help:"YAML file with the same settings; the environment and flags come before it."`
	Salvage    bool            `help:"Open what is readable of damaged data instead of refusing to start; the damage is logged and a copy kept."`
	config.Config
}

// Run serves until the process is told to stop.
func (c *serveCommand) Run(t *streams) error {
	if c.ConfigFile != "" {
		text, err := os.ReadFile(string(c.ConfigFile))
		if err != nil {
			return fmt.Errorf("reading the configuration: %w", err)
		}
		if c.LoadBalancers, err = config.ReadLoadBalancers(text); err != nil {
			return err
		}
	}
	return t.serve(c.Config, c.Salvage, nil)
}

// serve starts a server, says where it is, calls ready and waits.
func (t *streams) serve(settings config.Config, salvage bool, ready func(ctx context.Context, server *app.App) error) error {
	executable, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this binary: %w", err)
	}
	server := app.New(app.Options{
		Config: settings, Version: version, Log: t.logger(settings.LogLevel), Salvage: salvage,
		SandboxCommand: []string{executable, lambda.SandboxArgument}, Path: os.Getenv("PATH"), Home: os.Getenv("HOME"),
	})
	if err := server.Start(t.context); err != nil {
		return err
	}
	defer func() { _ = server.Stop(context.WithoutCancel(t.context)) }()
	if _, err := fmt.Fprintf(t.out, "Gatehouse %s serves %s  (data in %s)\n", version, server.URL(), settings.Data); err != nil {
		return err
	}
	if address := server.TlsAddr(); address != "" {
		if _, err := fmt.Fprintf(t.out, "and, over TLS, %s\n", address); err != nil {
			return err
		}
	}
	if key := server.RootAccessKey(); key != nil {
		// Nobody can be shown the secret again, so it goes to the terminal and not to the log.
		if _, err := fmt.Fprintf(t.out, rootAccessKeyText, settings.Account, key.AccessKeyId, key.SecretAccessKey); err != nil {
			return err
		}
	}
	if ready != nil {
		if err := ready(t.context, server); err != nil {
			return err
		}
	}
	<-t.context.Done()
	return nil
}

const rootAccessKeyText = `
This is the access key of the root user of account %s. It is shown this once:

  AWS_ACCESS_KEY_ID=%s
  AWS_SECRET_ACCESS_KEY=%s

`

type demoCommand struct {
	Listen string `default:"127.0.0.1:4566" env:"GATEHOUSE_LISTEN" help:"Address to listen on."`
}

const demoText = `
An API is deployed. Try, in another terminal:

  curl -i %[1]s/mock/404       the gateway answers by itself: a MOCK integration
  curl -i %[1]s/lambda/ok      a Lambda function, 200
  curl -i %[1]s/lambda/400     its errorMessage matches .*Raising 400.*: 400
  curl -i %[1]s/lambda/503     its errorMessage matches .*5\d\d.*: 500
  curl -i %[1]s/override/418   the response template overrides the status
  curl -i %[1]s/proxy/202      a proxy integration: the function chooses the status
  curl -i %[1]s/nowhere        no method matches: 403, as on AWS

  AWS_ENDPOINT_URL=%[2]s aws apigateway get-rest-apis

Press Ctrl-C to stop; everything is then gone.
`

// Run serves an example from a directory that is gone afterwards.
func (c *demoCommand) Run(t *streams) error {
	directory, err := os.MkdirTemp("", "gatehouse-demo-")
	if err != nil {
		return fmt.Errorf("making a directory for the demo: %w", err)
	}
	defer func() { _ = os.RemoveAll(directory) }()
	settings := config.Default()
	settings.Listen, settings.Data, settings.LogLevel = c.Listen, filepath.Join(directory, "data"), "warn"
	return t.serve(settings, false, func(ctx context.Context, server *app.App) error {
		url, err := demo.Deploy(ctx, server.URL())
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(t.out, demoText, url, server.URL())
		return err
	})
}
