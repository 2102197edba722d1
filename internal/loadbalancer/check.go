package loadbalancer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Dial connects to an address; (*net.Dialer).DialContext does.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// checker checks targets.
type checker struct {
	dial Dial
	now  func() time.Time
}

// checkResult is what one check found.
type checkResult struct {
	passed              bool
	reason, description string
	failure             string
}

const (
	checkUserAgent = "ELB-HealthChecker/2.0"
	// checkHeaderLimit bounds what a target can make us read.
	checkHeaderLimit = 64 << 10
)

func (c checker) check(ctx context.Context, t Target, check *HealthCheck) checkResult {
	ctx, cancel := context.WithTimeout(ctx, check.Timeout)
	defer cancel()
	address := net.JoinHostPort(t.Id, checkPort(t, check))
	if check.Protocol == ProtocolHttp || check.Protocol == ProtocolHttps {
		return c.checkHttp(ctx, address, check)
	}
	connection, err := c.dial(ctx, "tcp", address)
	if err != nil {
		return failed(err)
	}
	_ = connection.Close() // it was only to see whether it opens
	return checkResult{passed: true}
}

func checkPort(t Target, check *HealthCheck) string {
	if check.Port == TrafficPort || check.Port == "" {
		return strconv.Itoa(t.Port)
	}
	return check.Port
}

// checkHttp asks as a load balancer does: one connection, no redirects, any certificate.
func (c checker) checkHttp(ctx context.Context, address string, check *HealthCheck) checkResult {
	transport := &http.Transport{
		DialContext: c.dial, DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: checkHeaderLimit,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: true}, // load balancers do not verify targets
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.ToLower(check.Protocol)+"://"+address+check.Path, http.NoBody)
	if err != nil {
		return failed(err)
	}
	request.Header.Set("User-Agent", checkUserAgent)
	answer, err := transport.RoundTrip(request)
	if err != nil {
		return failed(err)
	}
	opening, _ := io.ReadAll(io.LimitReader(answer.Body, plainToTlsRoom)) // what cannot be read says nothing
	_ = answer.Body.Close()
	if answer.StatusCode == http.StatusBadRequest && plainToTls.Match(opening) {
		return checkResult{reason: ReasonResponseCodeMismatch, description: "Health checks failed with these codes: [400]", failure: FailureTlsAnswer}
	}
	matcher, err := ParseMatcher(check.Matcher)
	if err != nil {
		return failed(err)
	}
	if matcher.matches(answer.StatusCode) {
		return checkResult{passed: true}
	}
	code := strconv.Itoa(answer.StatusCode)
	return checkResult{reason: ReasonResponseCodeMismatch, description: "Health checks failed with these codes: [" + code + "]", failure: "status " + code}
}

// plainToTls is what servers of TLS (nginx, Go) answer to plain HTTP.
var plainToTls = regexp.MustCompile(`(?i)plain HTTP request was sent to HTTPS port|sent an HTTP request to an HTTPS server`)

const plainToTlsRoom = 1024

func failed(err error) checkResult {
	var timeout net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return checkResult{reason: ReasonTimeout, description: "Request timed out", failure: "timed out"}
	}
	return checkResult{reason: ReasonFailedHealthChecks, description: "Health checks failed", failure: describe(err)}
}

// What checks say of targets that speak TLS where they should not, or do not where they should.
const (
	FailureTlsAnswer   = "TLS answer on plain-HTTP port"
	FailurePlainAnswer = "plain-HTTP answer on TLS port"
	// tlsAlert is how net/http quotes the beginning of a TLS alert that it met in place of HTTP.
	tlsAlert = `malformed HTTP response "\x15\x03`
)

// describe says in a few words what a check met.
func describe(err error) string {
	var record tls.RecordHeaderError
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case strings.Contains(err.Error(), tlsAlert):
		return FailureTlsAnswer
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return FailurePlainAnswer
	default:
		return err.Error()
	}
}

// Matcher is the set of status codes that a health check takes.
type Matcher []statusRange

type statusRange struct{ from, to int }

// ParseMatcher reads "200", "200,202" or "200-299,404".
func ParseMatcher(text string) (Matcher, error) {
	var matcher Matcher
	for part := range strings.SplitSeq(text, ",") {
		low, high, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			high = low
		}
		from, err := strconv.Atoi(low)
		if err != nil {
			return nil, fmt.Errorf("reading status codes %q: %w", text, err)
		}
		to, err := strconv.Atoi(high)
		if err != nil {
			return nil, fmt.Errorf("reading status codes %q: %w", text, err)
		}
		matcher = append(matcher, statusRange{from, to})
	}
	return matcher, nil
}

// matches says whether a status code is in the set.
func (m Matcher) matches(statusCode int) bool {
	for _, r := range m {
		if statusCode >= r.from && statusCode <= r.to {
			return true
		}
	}
	return false
}

// Bounds returns the lowest and highest status code of the set.
func (m Matcher) Bounds() (lowest, highest int) {
	for i, r := range m {
		if i == 0 || r.from < lowest {
			lowest = r.from
		}
		highest = max(highest, r.to)
	}
	return lowest, highest
}
