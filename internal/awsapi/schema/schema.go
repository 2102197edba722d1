// Package schema describes AWS's services as data: operations, shapes, members, and where a
// member travels. The generated packages fill these tables; the codecs of internal/wire read
// them. It knows nothing of net/http and nothing of any one service.
//
// Begin reading at Service; Link turns the tables' names into pointers and field indexes.
package schema

import "reflect"

// Protocol is the wire protocol of a service, spelled as in the models.
type Protocol string

// The protocols of the services we serve.
const (
	RestJSON Protocol = "rest-json"
	JSON     Protocol = "json"
	Query    Protocol = "query"
)

// Service describes one AWS service.
type Service struct {
	// Name is the name of the generated package, for example "apigatewayv2".
	Name string
	// FullName is AWS's title of the service.
	FullName string
	// ServiceId is AWS's serviceId, for example "API Gateway".
	ServiceId string
	// APIVersion is the date of the API.
	APIVersion string
	// SigningName is the service in a signature's credential scope.
	SigningName string
	// Protocol says how requests and responses are written.
	Protocol Protocol
	// JSONVersion is "1.0" or "1.1" where Protocol is JSON.
	JSONVersion string
	// TargetPrefix stands before the operation in X-Amz-Target where Protocol is JSON.
	TargetPrefix string
	// XMLNamespace is the namespace of responses where Protocol is Query.
	XMLNamespace string
	// Operations are all operations of the model, sorted by name.
	Operations []Operation
	// Shapes are the shapes that the typed operations reach, without inputs and outputs that
	// belong to one operation.
	Shapes []Shape
	// Implements reports whether a value implements the generated Service interface.
	Implements func(implementation any) bool

	shapes     map[string]*Shape
	operations map[string]*Operation
	exceptions map[reflect.Type]*Shape
}

// Operation returns the operation of that name, or nil.
func (s *Service) Operation(name string) *Operation { return s.operations[name] }

// Shape returns the shape of that name, or nil.
func (s *Service) Shape(name string) *Shape { return s.shapes[name] }

// Exception returns the shape of a modelled error, or nil for any other error.
func (s *Service) Exception(err error) *Shape {
	t := reflect.TypeOf(err)
	if t == nil || t.Kind() != reflect.Pointer {
		return nil
	}
	return s.exceptions[t.Elem()]
}

// Operation describes one operation. One without a Handler is known by name and route only.
type Operation struct {
	// Name is AWS's name.
	Name string
	// Method and Path are the route; Path may end in a literal query, as in "/apikeys?mode=import".
	Method, Path string
	// Status is the status of success; 0 stands for 200.
	Status int
	// ResultWrapper is the element around the result where the protocol is Query.
	ResultWrapper string
	// Input and Output are nil where the operation is not typed.
	Input, Output *Shape
	// NoOutput says that the model has no output, so that a response has no body; Output is then
	// an empty structure.
	NoOutput bool
	// Errors are the names of the modelled exceptions.
	Errors []string
	// Handler calls the operation on an implementation of the Service interface.
	Handler Handler
}

// Typed reports whether the operation has Go types and can be called.
func (o *Operation) Typed() bool { return o.Handler.Call != nil }

// Kind says what a shape is.
type Kind uint8

// The kinds of shapes.
const (
	Structure Kind = iota + 1
	List
	Map
	String
	Boolean
	Integer
	Long
	Double
	Timestamp
	Blob
)

// Shape describes one shape.
type Shape struct {
	// Name is AWS's name; an input or output of one operation has its Go name.
	Name string
	Kind Kind
	// Type is the Go type of a structure.
	Type reflect.Type
	// Members are a structure's members, in the model's order.
	Members []Member
	// Payload names the member that is the whole body, if there is one.
	Payload string
	// Element is a list's element.
	Element Member
	// Key and Value are a map's.
	Key, Value Member
	// Enum lists the values of an enumeration.
	Enum []string
	// Min and Max bound a number's value, a string's or blob's length, a list's or map's size.
	Min, Max Bound
	// Pattern is what the whole string must match, as the model has it.
	Pattern string
	// TimestampFormat is "iso8601", "unixTimestamp" or "rfc822"; empty means the protocol's default.
	TimestampFormat string
	// Flattened lists and maps have no wrapping element where the protocol is Query.
	Flattened bool
	// Streaming blobs have no bound of their own.
	Streaming bool
	// Sensitive values must not be logged.
	Sensitive bool
	// Exception describes an error shape.
	Exception *Exception

	pattern *pattern
	payload *Member
}

// PayloadMember returns the member that is the whole body, or nil.
func (s *Shape) PayloadMember() *Member { return s.payload }

// Exception is what a model says of an error.
type Exception struct {
	// Code stands on the wire.
	Code string
	// Status is the HTTP status.
	Status int
}

// Bound is an optional limit.
type Bound struct {
	Set   bool
	Value int64
}

// At is a Bound that is set.
func At(value int64) Bound { return Bound{Set: true, Value: value} }

// Location says where a member of an input or output travels.
type Location uint8

// The locations. Headers is a group of headers with a common prefix.
const (
	Body Location = iota
	URI
	Querystring
	Header
	Headers
	StatusCode
)

// Member is a member of a structure, or the element of a list or map.
type Member struct {
	// Name is AWS's name of the member.
	Name string
	// Shape is the name of the member's shape.
	Shape string
	// Location says where it travels.
	Location Location
	// LocationName is the name on the wire where it is not Name.
	LocationName string
	// Required members of a request must be present; their Go fields are plain values.
	Required bool
	// TimestampFormat overrides the shape's.
	TimestampFormat string
	// Flattened overrides the shape's.
	Flattened bool
	// JSONValue strings travel as JSON (base64 in headers).
	JSONValue bool
	// EmptyIsNull has a map's empty texts written as null, which is no fact of the model.
	EmptyIsNull bool

	target *Shape
	index  int
}

// Target is the member's shape.
func (m *Member) Target() *Shape { return m.target }

// WireName is the name on the wire.
func (m *Member) WireName() string {
	if m.LocationName != "" {
		return m.LocationName
	}
	return m.Name
}

// Field returns the field of this member in a structure.
func (m *Member) Field(structure reflect.Value) reflect.Value { return structure.Field(m.index) }

// Timestamp returns the format of this member, given the protocol's default for its place.
func (m *Member) Timestamp(standard string) string {
	if m.TimestampFormat != "" {
		return m.TimestampFormat
	}
	if m.target.TimestampFormat != "" {
		return m.target.TimestampFormat
	}
	return standard
}
