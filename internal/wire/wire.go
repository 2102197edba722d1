// Package wire serves AWS's service APIs over HTTP: it finds the service and operation of a
// request, reads its body within AWS's limits, asks who signed it, decodes and validates the
// input, calls the operation, and writes its output or error as that service does.
//
// It knows bindings and protocols and nothing of what an operation means; a generated Service
// interface is all it sees of the control plane. It verifies no signature itself: an
// Authenticator does.
//
// Begin reading at Server.ServeHTTP (service.go). Which service a request is for stands in
// match.go, the routes of rest-json services in route.go, bodies in body.go, limits in
// limits.go, errors in failure.go. The protocols are restjson, awsjson and awsquery.
package wire

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/caller"
	"gatehouse/internal/fault"
	"gatehouse/internal/wire/awsjson"
	"gatehouse/internal/wire/awsquery"
	"gatehouse/internal/wire/message"
	"gatehouse/internal/wire/restjson"
	"gatehouse/internal/wire/validate"
)

// Service is one AWS service and who implements it.
type Service struct {
	// Schema is the generated package's Schema().
	Schema *schema.Service
	// Implementation implements the generated package's Service interface.
	Implementation any
}

// Authenticator says who sent a request.
type Authenticator interface {
	// Authenticate verifies the request's signature over the body as it was sent, for a service's
	// signing name. A refusal is an awsapi.Error.
	Authenticate(r *http.Request, body []byte, service string) (caller.Caller, error)
}

// EarlyAuthenticator is an Authenticator that knows some refusals without the body, so
// that nobody makes the server read a large one in vain.
type EarlyAuthenticator interface {
	Authenticator
	// AuthenticateEarly refuses what Authenticate would refuse whatever the body is. That it
	// does not refuse says nothing.
	AuthenticateEarly(r *http.Request, service string) error
}

// Call is an operation that is about to be called.
type Call struct {
	Service   *schema.Service
	Operation *schema.Operation
	// Method and Path are the request's, for the ARNs of services that are authorized by path.
	Method, Path string
	// Input is the decoded input.
	Input any
}

// Authorizer decides whether the caller in the context may make a call. A refusal is an awsapi.Error.
type Authorizer interface {
	Authorize(ctx context.Context, call Call) error
}

// Options are what a Server needs.
type Options struct {
	// Services are the services to serve; required.
	Services []Service
	// Authenticator says who calls; required.
	Authenticator Authenticator
	// Authorizer decides what a caller may do; without one every authenticated call is allowed.
	Authorizer Authorizer
	// NewRequestID makes the id of a request, unique for all time; required.
	NewRequestID func() string
	// Logger receives what went wrong inside; required.
	Logger *slog.Logger
	// Refused is told of every request that gets an error; nil for nobody. Now dates them;
	// it is required with Refused.
	Refused func(Refused)
	Now     func() time.Time
	// HelpBase is the URL of the knowledge base, ending in a slash: errors then name their id
	// and article in headers. Empty for AWS's headers alone.
	HelpBase string
}

// Refused is a request that gets an error, and why.
type Refused struct {
	RequestID string
	// Service and Operation are AWS's names; empty where none was found.
	Service, Operation string
	Method, Path       string
	// Caller is the zero value where nobody was authenticated.
	Caller   caller.Caller
	Received time.Time
	Duration time.Duration
	Error    awsapi.Error
	Fault    *fault.Fault
}

// Server serves AWS's services on one endpoint. It is an http.Handler.
type Server struct {
	options  Options
	services []*served
}

// served is a service with all that is computed from its schema once.
type served struct {
	schema         *schema.Service
	implementation any
	codec          codec
	routes         *routes // nil unless the protocol is rest-json
}

// codec is a protocol.
type codec interface {
	Decode(operation *schema.Operation, request *message.Request, report *validate.Report) (input any, err error)
	Encode(operation *schema.Operation, output any, requestID string) (*message.Response, error)
	EncodeError(err awsapi.Error, requestID string) *message.Response
}

// New returns a Server, or an error that names what the options lack.
func New(options Options) (*Server, error) {
	switch {
	case len(options.Services) == 0:
		return nil, errors.New("wire: no services")
	case options.Authenticator == nil:
		return nil, errors.New("wire: no Authenticator")
	case options.NewRequestID == nil:
		return nil, errors.New("wire: no NewRequestID")
	case options.Logger == nil:
		return nil, errors.New("wire: no Logger")
	case options.Refused != nil && options.Now == nil:
		return nil, errors.New("wire: no Now")
	}
	server := &Server{options: options}
	for _, service := range options.Services {
		s, err := serve(service)
		if err != nil {
			return nil, err
		}
		server.services = append(server.services, s)
	}
	return server, nil
}

func serve(service Service) (*served, error) {
	if service.Schema == nil || !service.Schema.Implements(service.Implementation) {
		return nil, fmt.Errorf("wire: %T does not implement its service", service.Implementation)
	}
	s := &served{schema: service.Schema, implementation: service.Implementation}
	switch service.Schema.Protocol {
	case schema.RestJSON:
		s.codec, s.routes = restjson.Codec{Service: service.Schema}, newRoutes(service.Schema)
	case schema.JSON:
		s.codec = awsjson.Codec{Service: service.Schema}
	case schema.Query:
		s.codec = awsquery.Codec{Service: service.Schema}
	default:
		return nil, fmt.Errorf("wire: protocol %q of %s is not supported", service.Schema.Protocol, service.Schema.Name)
	}
	return s, nil
}

func (s *Server) service(name string) *served {
	for _, candidate := range s.services {
		if candidate.schema.Name == name {
			return candidate
		}
	}
	return nil
}
