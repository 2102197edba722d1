package main

import (
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"

	"gatehouse/internal/config"
)

// loadConfigFile lets a YAML file set flags that neither the command line nor the
// environment sets.
func loadConfigFile(r io.Reader) (kong.Resolver, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	set, err := config.Parse(text)
	if err != nil {
		return nil, err
	}
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		for _, name := range flag.Envs {
			if _, ok := os.LookupEnv(name); ok {
				return nil, nil // kong's way to say "not here"
			}
		}
		return set[flag.Tag.Get("yaml")], nil
	}), nil
}
