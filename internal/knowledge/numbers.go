package knowledge

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/sigv4"
)

// numberPattern is how an article asks for a number.
var numberPattern = regexp.MustCompile(`\{\{\s*limit\s+"([^"]*)"\s*\}\}`)

// fillNumbers puts the limits of the code into an article.
func fillNumbers(markdown string) (string, error) {
	var unknown []string
	filled := numberPattern.ReplaceAllStringFunc(markdown, func(found string) string {
		name := numberPattern.FindStringSubmatch(found)[1]
		text, ok := limits[name]
		if !ok {
			unknown = append(unknown, name)
		}
		return text
	})
	if len(unknown) > 0 {
		return "", fmt.Errorf("there is no limit named %s", strings.Join(unknown, ", "))
	}
	return filled, nil
}

// LambdaPayloadLimit is "Invocation payload (request and response)" of AWS Lambda, bytes.
// It is repeated here because the runner's package, which has it, is not for readers; a
// test compares the two.
const LambdaPayloadLimit = 6 * 1024 * 1024

// LambdaTimeoutLimit is "Function timeout" of AWS Lambda.
const LambdaTimeoutLimit = 900 * time.Second

// LambdaPolicyLimit is "Resource-based policy size" of AWS Lambda, bytes.
const LambdaPolicyLimit = 20 * 1024

// What is repeated here because the packages that have it are not for readers either; tests
// of package app compare.
const (
	// FunctionEnvironments is how many execution environments there are at once.
	FunctionEnvironments = 64
	// FunctionEnvironmentWait is how long a call waits for one.
	FunctionEnvironmentWait = 10 * time.Second
	// ClientCertificateValidity is how long a client certificate is valid.
	ClientCertificateValidity = 365 * 24 * time.Hour
	// BackendIdleTimeout is how long a connection to a backend is kept unused.
	BackendIdleTimeout = 60 * time.Second
	// RequestHeadTimeout is how long the request line and headers may take.
	RequestHeadTimeout = 10 * time.Second
	// ClientIdleTimeout is how long a client's connection is kept unused.
	ClientIdleTimeout = 60 * time.Second
)

// limits are the numbers by the names of their constants; those of HTTP and WebSocket
// APIs begin with "v2.".
var limits = map[string]string{
	"PayloadSizeLimit":            bytesText(apigw.PayloadSizeLimit),
	"HeaderSizeLimit":             countText(apigw.HeaderSizeLimit) + " bytes",
	"UriSizeLimit":                countText(apigw.UriSizeLimit) + " bytes",
	"MethodArnSizeLimit":          countText(apigw.MethodArnSizeLimit) + " bytes",
	"IntegrationTimeoutMinimum":   durationText(apigw.IntegrationTimeoutMinimum),
	"IntegrationTimeoutMaximum":   durationText(apigw.IntegrationTimeoutMaximum),
	"IntegrationTimeoutRaised":    durationText(apigw.IntegrationTimeoutRaised),
	"StageVariableKeyLimit":       countText(apigw.StageVariableKeyLimit),
	"StageVariableValueLimit":     countText(apigw.StageVariableValueLimit),
	"MappingTemplateSizeLimit":    bytesText(apigw.MappingTemplateSizeLimit),
	"ForeachIterationLimit":       countText(apigw.ForeachIterationLimit),
	"ResourcesLimit":              countText(apigw.ResourcesLimit),
	"StagesLimit":                 countText(apigw.StagesLimit),
	"AccountThrottleRateLimit":    countText(apigw.AccountThrottleRateLimit),
	"AccountThrottleBurstLimit":   countText(apigw.AccountThrottleBurstLimit),
	"AuthorizerResultTtlDefault":  secondsText(apigw.AuthorizerResultTtlDefault),
	"AuthorizerResultTtlMaximum":  secondsText(apigw.AuthorizerResultTtlMaximum),
	"ResourcePolicySizeLimit":     countText(apigw.ResourcePolicySizeLimit) + " bytes",
	"StageVariablesLimit":         countText(apigw.StageVariablesLimit),
	"CacheTtlDefault":             secondsText(apigw.CacheTtlDefault),
	"TagsLimit":                   countText(apigw.TagsLimit),
	"ExecutionLogEventLimit":      countText(apigw.ExecutionLogEventLimit) + " bytes",
	"SignatureClockSkew":          durationText(sigv4.ClockSkew),
	"LambdaPayloadLimit":          bytesText(LambdaPayloadLimit),
	"LambdaTimeoutLimit":          durationText(LambdaTimeoutLimit),
	"LambdaPolicyLimit":           bytesText(LambdaPolicyLimit),
	"FunctionEnvironments":        countText(FunctionEnvironments),
	"FunctionEnvironmentWait":     durationText(FunctionEnvironmentWait),
	"ClientCertificateValidity":   countText(int(ClientCertificateValidity/(24*time.Hour))) + " days",
	"BackendIdleTimeout":          durationText(BackendIdleTimeout),
	"RequestHeadTimeout":          durationText(RequestHeadTimeout),
	"ClientIdleTimeout":           durationText(ClientIdleTimeout),
	"v2.PayloadSizeLimit":         bytesText(apigwv2.PayloadSizeLimit),
	"v2.RequestLineAndHeaders":    countText(apigwv2.RequestLineAndHeadersLimit) + " bytes",
	"v2.IntegrationTimeout":       durationText(apigwv2.IntegrationTimeoutMaximum),
	"v2.WebSocketTimeout":         durationText(apigwv2.WebSocketIntegrationTimeoutMaximum),
	"v2.AuthorizerTimeout":        durationText(apigwv2.AuthorizerTimeout),
	"v2.JwksTimeout":              durationText(apigwv2.JwksTimeout),
	"v2.MessagePayloadLimit":      bytesText(apigwv2.MessagePayloadLimit),
	"v2.FramePayloadLimit":        bytesText(apigwv2.FramePayloadLimit),
	"v2.IdleConnectionTimeout":    durationText(apigwv2.IdleConnectionTimeout),
	"v2.ConnectionDuration":       durationText(apigwv2.ConnectionDuration),
	"v2.RoutesLimit":              countText(apigwv2.RoutesLimit),
	"v2.ScopesLimit":              countText(apigwv2.ScopesLimit),
	"v2.AudiencesLimit":           countText(apigwv2.AudiencesLimit),
	"v2.WebSocketIdleHalfTimeout": durationText(apigwv2.IdleConnectionTimeout / 2),
}

func bytesText(n int) string {
	const kilo, mega = 1024, 1024 * 1024
	switch {
	case n >= mega && n%mega == 0:
		return strconv.Itoa(n/mega) + " MB"
	case n >= kilo && n%kilo == 0:
		return strconv.Itoa(n/kilo) + " KB"
	default:
		return countText(n) + " bytes"
	}
}

// countText writes a number with a comma before each three digits.
func countText(n int) string {
	const group = 3
	digits := strconv.Itoa(n)
	var b strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%group == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return b.String()
}

func secondsText(n int) string { return countText(n) + " seconds" }

// durationText writes a duration in the unit people use for it: 29 seconds, 10 minutes.
func durationText(d time.Duration) string {
	switch {
	case d%time.Second != 0:
		return countText(int(d/time.Millisecond)) + " milliseconds"
	case d >= time.Hour && d%time.Hour == 0:
		return countText(int(d/time.Hour)) + " hours"
	case d >= 2*time.Minute && d <= 15*time.Minute && d%time.Minute == 0:
		return countText(int(d/time.Minute)) + " minutes"
	default:
		return countText(int(d/time.Second)) + " seconds"
	}
}
