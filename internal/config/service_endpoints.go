package config

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
)

// validateServiceEndpoints takes base URLs alone: what integrations ask for comes behind them.
func (c *Config) validateServiceEndpoints() error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(c.ServiceEndpoints)) {
		base, err := url.Parse(c.ServiceEndpoints[name])
		if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.RawQuery != "" || base.Fragment != "" {
			errs = append(errs, fmt.Errorf("serviceEndpoints: %q of %s is not an http or https URL without a query", c.ServiceEndpoints[name], name))
		}
	}
	return errors.Join(errs...)
}
