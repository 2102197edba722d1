package config

import (
	"strings"
	"testing"
	"time"
)

func TestValidate(t *testing.T) {
	if c := Default(); c.Validate() != nil {
		t.Errorf("the default is refused: %v", c.Validate())
	}
	secure := Default()
	if secure.Listen, secure.Secure = "0.0.0.0:4566", true; secure.Validate() != nil {
		t.Errorf("secure mode on a network is refused: %v", secure.Validate())
	}
	for name, test := range map[string]struct {
		change func(*Config)
		want   string
	}{
		"MetricsToken":    {func(c *Config) { c.MetricsTokenFile = "token" }, "--secure"},
		"NotLoopback":     {func(c *Config) { c.Listen = "0.0.0.0:4566" }, "not a loopback address"},
		"NoPort":          {func(c *Config) { c.Listen = "localhost" }, "not HOST:PORT"},
		"ServiceEndpoint": {func(c *Config) { c.ServiceEndpoints = map[string]string{"sqs": "127.0.0.1:9324"} }, "is not an http or https URL"},
		"VpcEndpoint":     {func(c *Config) { c.VpcEndpoints = []string{"vpce-1"} }, "does not begin with"},
		"VpcEndpointNotLoopback": {func(c *Config) {
			c.VpcEndpoints = []string{"vpce-0212a4ab,vpc-1a2b3c4d=0.0.0.0:1"}
		}, "not a loopback address"},
		"TlsCertificate":    {func(c *Config) { c.TlsListen = "127.0.0.1:1" }, "no certificate"},
		"TlsCertificateKey": {func(c *Config) { c.TlsCertificates = []string{"cert.pem"} }, "not CERTIFICATE-FILE,KEY-FILE"},
		"TlsNoPort":         {func(c *Config) { c.TlsListen = "localhost" }, "not HOST:PORT"},
		"TlsNotLoopback":    {func(c *Config) { c.TlsListen, c.TlsCertificates = "0.0.0.0:1", []string{"c,k"} }, "not a loopback address"},
		"Account":           {func(c *Config) { c.Account = "12" }, "not 12 digits"},
		"Region":            {func(c *Config) { c.Region = "moon" }, "not a region"},
		"NatsReplicas":      {func(c *Config) { c.Nats, c.NatsReplicas = "nats://n:4222", 6 }, "not from 1 to 5"},
		"NatsReplicasAlone": {func(c *Config) { c.NatsReplicas = 3 }, "--nats"},
		"CacheMemory":       {func(c *Config) { c.CacheMemory = -1 }, "cacheMemory: -1 is not"},
		"Timeout":           {func(c *Config) { c.MaxIntegrationTimeout = time.Hour }, "not between 29s and 5m0s"},
	} {
		c := Default()
		test.change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}

func TestParse(t *testing.T) {
	set, err := Parse([]byte("listen: 127.0.0.1:1\nfunctionEndpoints:\n  orders: http://127.0.0.1:9000\n"))
	if err != nil || set["listen"] != "127.0.0.1:1" {
		t.Errorf("got %v %v", set, err)
	}
	if _, err := Parse([]byte("listne: x\n")); err == nil || !strings.Contains(err.Error(), "listne") {
		t.Errorf("an unknown member: got %v", err)
	}
	if _, err := Parse(nil); err != nil {
		t.Errorf("an empty file: %v", err)
	}
}
