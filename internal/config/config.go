// Package config is the configuration of the process: what `gatehouse serve` listens
// on, where it keeps its data, whose account and region are the default. It comes
// from defaults, a YAML file, the environment (GATEHOUSE_*) and flags, later ones
// over earlier ones.
//
// It is not the configuration of APIs: that is what AWS clients create. It opens
// nothing; Validate says what is wrong before anything is opened.
//
// Begin at Config; its tags are read by the command line.
package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/origin"
	"gatehouse/internal/tracing/otlp"
)

// Config is everything that a server is told when it starts.
type Config struct {
	Listen string `yaml:"listen" name:"listen" default:"127.0.0.1:4566" env:"GATEHOUSE_LISTEN" help:"Address to listen on."`
	Data   string `yaml:"data" name:"data" default:"data" env:"GATEHOUSE_DATA" help:"Directory that keeps everything." type:"path"`
	Nats   string `yaml:"nats" name:"nats" env:"GATEHOUSE_NATS" help:"URL of a NATS cluster (2.12 or newer) to keep everything in, in place of the data directory."`
	// NatsReplicas is 0 for as many as there are, 1 at first.
	NatsReplicas int    `yaml:"natsReplicas" name:"nats-replicas" placeholder:"1" env:"GATEHOUSE_NATS_REPLICAS" help:"Servers of the NATS cluster that keep each record, 1 to 5, also of what is there already; by default 1 at first, and later what it is. With 3, one may be lost."`
	Region       string `yaml:"region" name:"region" default:"us-east-1" env:"GATEHOUSE_REGION" help:"Region of requests that name none."`
	Secure       bool   `yaml:"secure" name:"secure" env:"GATEHOUSE_SECURE" help:"Demand valid signatures and permissions for every AWS operation; a root access key is shown at the first start."`
	TlsListen    string `yaml:"tlsListen" name:"tls-listen" env:"GATEHOUSE_TLS_LISTEN" help:"Address to listen on for https: and wss:, beside the other."`
	// TlsCertificates are pairs of PEM files; a semicolon separates them in the environment.
	TlsCertificates []string `yaml:"tlsCertificates" name:"tls-certificate" sep:";" placeholder:"CERT,KEY" env:"GATEHOUSE_TLS_CERTIFICATES" help:"PEM files of a certificate with its chain and of its key; the name that a client asks for chooses among several."`
	// TrustedProxies are addresses or CIDR blocks.
	TrustedProxies []string `yaml:"trustedProxies" name:"trusted-proxy" env:"GATEHOUSE_TRUSTED_PROXIES" help:"Addresses or CIDR blocks of proxies whose X-Forwarded-For says where a request comes from."`
	// VpcEndpoints are origin.ParseVpcEndpoint's words; a semicolon separates them in the environment.
	VpcEndpoints []string `yaml:"vpcEndpoints" name:"vpc-endpoint" sep:";" placeholder:"VPCE-ID,VPC-ID=ADDR" env:"GATEHOUSE_VPC_ENDPOINTS" help:"VPC endpoints: addresses to listen on where private APIs, and only they, answer (vpce-ID,vpc-ID=HOST:PORT)."`
	Account      string   `yaml:"account" name:"account" default:"000000000000" env:"GATEHOUSE_ACCOUNT" help:"Account of callers whose access key names none."`
	// MaxIntegrationTimeout raises what timeoutInMillis may be, up to 300 s, as AWS does on request.
	MaxIntegrationTimeout time.Duration `yaml:"maxIntegrationTimeout" name:"max-integration-timeout" default:"29s" env:"GATEHOUSE_MAX_INTEGRATION_TIMEOUT" help:"Largest integration timeout that an API may ask for (29s to 300s)."`
	// AccountThrottleRate is AWS's account-wide throttle, 10,000 requests a second there; 0 leaves it out.
	AccountThrottleRate float64 `yaml:"accountThrottleRate" name:"account-throttle-rate" env:"GATEHOUSE_ACCOUNT_THROTTLE_RATE" help:"Requests a second that all APIs of an account may take together, as AWS's account quota (10000 there, burst half of it); 0 sets no limit."`
	// CacheMemory bounds what all stage caches hold together, whatever their cacheClusterSize; 0 is the default.
	CacheMemory int `yaml:"cacheMemory" name:"cache-memory" default:"256" env:"GATEHOUSE_CACHE_MEMORY" help:"Megabytes that the caches of all stages may hold together; where their cacheClusterSize are more, each gets its share."`
	// Profile "dev" names errors to the caller (x-gatehouse-error); "aws" answers exactly as AWS does. Empty is dev on loopback.
	Profile  string `yaml:"profile" name:"profile" enum:"dev,aws," default:"" env:"GATEHOUSE_PROFILE" help:"dev adds x-gatehouse-error and a link to the article to failed requests, aws does not; by default dev on loopback."`
	Articles string `yaml:"articles" name:"articles" env:"GATEHOUSE_ARTICLES" help:"Directory of articles of your own, which add to the knowledge base or replace its articles." type:"path"`
	Support  string `yaml:"support" name:"support" env:"GATEHOUSE_SUPPORT" help:"Where the knowledge base's link to support leads: an https: or mailto: URL."`
	// MetricsTokenFile holds the bearer token with which /metrics is scraped in secure mode, besides signed requests.
	MetricsTokenFile string `yaml:"metricsTokenFile" name:"metrics-token-file" env:"GATEHOUSE_METRICS_TOKEN_FILE" help:"File with the bearer token that lets Prometheus scrape /metrics of a secure server; without one, requests must be signed." type:"path"`
	// LoadBalancers map ARNs to hosts and ports, without calling ELBv2; the file alone can declare them.
	LoadBalancers []loadbalancer.Declared `yaml:"loadBalancers" kong:"-"`
	// CloudMapServices say where the instances of AWS Cloud Map's services are; the file alone can declare them.
	CloudMapServices []loadbalancer.DeclaredCloudMapService `yaml:"cloudMapServices" kong:"-"`
	// TrustedCertificates are files of authorities that backends' certificates may be signed by, beside the system's.
	TrustedCertificates []string `yaml:"trustedCertificates" name:"trusted-certificate" placeholder:"FILE" env:"GATEHOUSE_TRUSTED_CERTIFICATES" help:"Files with certificates in PEM to trust in HTTPS to backends, beside the system's."`
	// ServiceEndpoints are the servers that stand for AWS services in integrations of all kinds of API.
	ServiceEndpoints map[string]string `yaml:"serviceEndpoints" name:"service-endpoint" env:"GATEHOUSE_SERVICE_ENDPOINTS" help:"Servers that integrations call AWS services at, by the name in their URIs: sqs=URL, dynamodb=URL, s3=URL; SERVICE/REGION=URL for one region."`
	// OtlpEndpoint and OtlpHeaders have OpenTelemetry's own variables too.
	OtlpEndpoint string            `yaml:"otlpEndpoint" name:"otlp-endpoint" placeholder:"URL" env:"GATEHOUSE_OTLP_ENDPOINT,OTEL_EXPORTER_OTLP_ENDPOINT" help:"Collector to send traces to, OTLP over HTTP with Protocol Buffers, such as http://127.0.0.1:4318: requests to HTTP and WebSocket APIs, and to stages of REST APIs with tracingEnabled; a caller's traceparent or X-Amzn-Trace-Id may decide otherwise."`
	OtlpHeaders  map[string]string `yaml:"otlpHeaders" name:"otlp-header" mapsep:"," placeholder:"NAME=VALUE" env:"GATEHOUSE_OTLP_HEADERS,OTEL_EXPORTER_OTLP_HEADERS" help:"Headers for the collector, such as its key."`
	// UserPoolIssuers are identity providers that stand for Cognito's user pools.
	UserPoolIssuers map[string]string `yaml:"userPoolIssuers" name:"user-pool-issuer" env:"GATEHOUSE_USER_POOL_ISSUERS" help:"Issuers of the tokens of user pools, which have their keys at URL/.well-known/jwks.json: USER-POOL-ID=URL; by default Cognito's own."`
	// The limits of WebSocket connections; 0 is AWS's.
	WebSocketIdleTimeout    time.Duration `yaml:"webSocketIdleTimeout" name:"web-socket-idle-timeout" env:"GATEHOUSE_WEB_SOCKET_IDLE_TIMEOUT" help:"How long a WebSocket connection may be silent; AWS's is 10 minutes."`
	WebSocketDuration       time.Duration `yaml:"webSocketDuration" name:"web-socket-duration" env:"GATEHOUSE_WEB_SOCKET_DURATION" help:"How long a WebSocket connection may live; AWS's is 2 hours."`
	WebSocketMessagePayload int           `yaml:"webSocketMessagePayload" name:"web-socket-message-payload" env:"GATEHOUSE_WEB_SOCKET_MESSAGE_PAYLOAD" help:"Bytes of a message that a WebSocket client may send; AWS's are 131072."`
	WebSocketFramePayload   int           `yaml:"webSocketFramePayload" name:"web-socket-frame-payload" env:"GATEHOUSE_WEB_SOCKET_FRAME_PAYLOAD" help:"Bytes of a frame that a WebSocket client may send, and of those it gets; AWS's are 32768."`
	LogLevel                string        `yaml:"logLevel" name:"log-level" default:"info" enum:"debug,info,warn,error" env:"GATEHOUSE_LOG_LEVEL" help:"Level of the server's own log."`
	// FunctionEnvironments bounds the processes of functions; 0 is lambda.DefaultEnvironments.
	FunctionEnvironments int               `yaml:"functionEnvironments" name:"function-environments" env:"GATEHOUSE_FUNCTION_ENVIRONMENTS" help:"Execution environments of functions that there may be at once, each a process; calls beyond them wait up to 10s. 64 by default."`
	FunctionEndpoints    map[string]string `yaml:"functionEndpoints" name:"function-endpoint" env:"GATEHOUSE_FUNCTION_ENDPOINTS" help:"Invoke functions elsewhere: NAME-OR-ARN-PATTERN=URL."`
}

var (
	accountPattern = regexp.MustCompile(`^[0-9]{12}$`)
	regionPattern  = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]+$`)
)

const (
	integrationTimeoutLeast = 29 * time.Second
	integrationTimeoutMost  = 300 * time.Second
	cacheMemoryDefault      = 256
	cacheMemoryMost         = 1 << 20
	bytesPerMegabyte        = 1 << 20
)

// CacheBytes is CacheMemory in bytes.
func (c *Config) CacheBytes() uint64 {
	return uint64(cmp.Or(c.CacheMemory, cacheMemoryDefault)) * bytesPerMegabyte // Validate bounds it
}

// NamesErrors says whether failed requests tell the caller the error's id and article.
func (c *Config) NamesErrors() bool {
	return c.Profile == "dev" || c.Profile == "" && c.isLoopback()
}

// Validate says everything that is wrong, joined.
func (c *Config) Validate() error {
	return errors.Join(c.validateListen(), c.validateTls(), c.validateVpcEndpoints(), c.validateScope(), c.validateLimits(), c.validateOtlp(), c.validateServiceEndpoints(), c.validateMetricsToken(), c.validateNatsReplicas())
}

// validateMetricsToken refuses a token that nothing would ask for.
func (c *Config) validateMetricsToken() error {
	if c.MetricsTokenFile != "" && !c.Secure {
		return errors.New("metricsTokenFile: in developer mode everybody may read /metrics; --secure asks for the token")
	}
	return nil
}

// natsReplicasMost is JetStream's limit.
const natsReplicasMost = 5

// validateNatsReplicas refuses what JetStream cannot do, and what nothing would do.
func (c *Config) validateNatsReplicas() error {
	switch {
	case c.NatsReplicas < 0 || c.NatsReplicas > natsReplicasMost:
		return fmt.Errorf("natsReplicas: %d is not from 1 to %d", c.NatsReplicas, natsReplicasMost)
	case c.NatsReplicas > 1 && c.Nats == "":
		return errors.New("natsReplicas: the data directory is kept by this server alone; --nats keeps everything in a NATS cluster")
	}
	return nil
}

// validateListen refuses to serve a network without authentication.
func (c *Config) validateListen() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %q is not HOST:PORT", c.Listen)
	}
	if c.Secure {
		return nil
	}
	if !isLoopback(host) {
		return fmt.Errorf("listen: %q is not a loopback address; in developer mode anybody who reaches the server could change it, so it listens on loopback only; --secure lifts this", c.Listen)
	}
	return nil
}

// CertificateFiles reads one of TlsCertificates.
func CertificateFiles(pair string) (certificate, key string, err error) {
	certificate, key, ok := strings.Cut(pair, ",")
	if !ok || certificate == "" || key == "" {
		return "", "", fmt.Errorf("tlsCertificates: %q is not CERTIFICATE-FILE,KEY-FILE", pair)
	}
	return certificate, key, nil
}

// validateTls holds the listener for TLS to the rule of the main listener.
func (c *Config) validateTls() error {
	for _, pair := range c.TlsCertificates {
		if _, _, err := CertificateFiles(pair); err != nil {
			return err
		}
	}
	if c.TlsListen == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(c.TlsListen)
	switch {
	case err != nil:
		return fmt.Errorf("tlsListen: %q is not HOST:PORT", c.TlsListen)
	case len(c.TlsCertificates) == 0:
		return errors.New("tlsListen: there is no certificate; give --tls-certificate CERT,KEY")
	case !c.Secure && !isLoopback(host):
		return fmt.Errorf("tlsListen: %q is not a loopback address; in developer mode the server listens on loopback only; --secure lifts this", c.TlsListen)
	}
	return nil
}

// validateVpcEndpoints holds VPC endpoints to the rule of the main listener.
func (c *Config) validateVpcEndpoints() error {
	endpoints, err := origin.ParseVpcEndpoints(c.VpcEndpoints)
	if err != nil {
		return fmt.Errorf("vpcEndpoints: %w", err)
	}
	for _, endpoint := range endpoints {
		if host, _, _ := net.SplitHostPort(endpoint.Address); !c.Secure && !isLoopback(host) {
			return fmt.Errorf("vpcEndpoints: %q is not a loopback address; in developer mode the server listens on loopback only; --secure lifts this", endpoint.Address)
		}
	}
	return nil
}

func (c *Config) isLoopback() bool {
	host, _, err := net.SplitHostPort(c.Listen)
	return err == nil && isLoopback(host)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (c *Config) validateScope() error {
	var problems []error
	if !accountPattern.MatchString(c.Account) {
		problems = append(problems, fmt.Errorf("account: %q is not 12 digits", c.Account))
	}
	if !regionPattern.MatchString(c.Region) {
		problems = append(problems, fmt.Errorf("region: %q is not a region such as us-east-1", c.Region))
	}
	return errors.Join(problems...)
}

func (c *Config) validateLimits() error {
	if c.MaxIntegrationTimeout < integrationTimeoutLeast || c.MaxIntegrationTimeout > integrationTimeoutMost {
		return fmt.Errorf("maxIntegrationTimeout: %s is not between %s and %s", c.MaxIntegrationTimeout, integrationTimeoutLeast, integrationTimeoutMost)
	}
	if c.FunctionEnvironments < 0 {
		return fmt.Errorf("functionEnvironments: %d is below 0", c.FunctionEnvironments)
	}
	if c.CacheMemory < 0 || c.CacheMemory > cacheMemoryMost {
		return fmt.Errorf("cacheMemory: %d is not a number of megabytes up to %d", c.CacheMemory, cacheMemoryMost)
	}
	return nil
}

func (c *Config) validateOtlp() error {
	if c.OtlpEndpoint == "" {
		return nil
	}
	if _, err := otlp.TracesUrl(c.OtlpEndpoint); err != nil {
		return fmt.Errorf("otlpEndpoint: %w", err)
	}
	return nil
}

// ReadLoadBalancers returns what a YAML file declares of load balancers.
func ReadLoadBalancers(text []byte) ([]loadbalancer.Declared, error) {
	var read Config
	if err := yaml.Unmarshal(text, &read); err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	return read.LoadBalancers, nil
}

// Parse reads a YAML file's text. A member that does not exist is an error. The result
// maps the members that the file sets to their values.
func Parse(text []byte) (map[string]any, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&Config{}); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	set := map[string]any{}
	if err := yaml.Unmarshal(text, &set); err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	return set, nil
}

// Default is the configuration that nothing was said about.
func Default() Config {
	return Config{
		Listen: "127.0.0.1:4566", Data: "data", Region: "us-east-1", Account: "000000000000",
		MaxIntegrationTimeout: integrationTimeoutLeast, LogLevel: "info",
	}
}
