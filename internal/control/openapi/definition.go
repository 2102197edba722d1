package openapi

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
)

// The extensions of API Gateway that are read and written.
const (
	extensionIntegration  = "x-amazon-apigateway-integration"
	extensionIntegrations = "x-amazon-apigateway-integrations"
	extensionAuthorizer   = "x-amazon-apigateway-authorizer"
	extensionAuthType     = "x-amazon-apigateway-authtype"
	extensionAuth         = "x-amazon-apigateway-auth"
	extensionAnyMethod    = "x-amazon-apigateway-any-method"
	extensionCors         = "x-amazon-apigateway-cors"
	extensionEndpoint     = "x-amazon-apigateway-endpoint-configuration"
	extensionTagValue     = "x-amazon-apigateway-tag-value"
	extensionVersion      = "x-amazon-apigateway-importexport-version"
)

// The values of Options.Basepath.
const (
	BasepathIgnore  = "ignore"
	BasepathPrepend = "prepend"
	BasepathSplit   = "split"
)

// Options say how a definition is read.
type Options struct {
	// Basepath says what becomes of the base path; empty is BasepathIgnore.
	Basepath string
	// Account and Region stand for ${AWS::AccountId} and ${AWS::Region}.
	Account, Region string
}

// Definition is what a document says. Ids are empty: a Route names its integration and
// authorizer by their place in the lists.
type Definition struct {
	Api          apigwv2.Api
	Integrations []Integration
	Authorizers  []apigwv2.Authorizer
	Routes       []Route
	// Info tells what is right and not used; Warnings tell what is wrong and left out.
	Info, Warnings []string
}

// Integration is an integration and where the document has it, for messages.
type Integration struct {
	apigwv2.Integration

	Where string
}

// Route is a route with what it refers to; -1 is nothing.
type Route struct {
	apigwv2.Route

	IntegrationIndex, AuthorizerIndex int
}

// Error is what is wrong with a document so that nothing can be made of it.
type Error struct {
	// Problems are sentences.
	Problems []string
}

// problemsShown bounds what an Error tells: a document may have a hundred thousand.
const problemsShown = 100

// Error joins the problems as API Gateway does (observed).
func (e *Error) Error() string { return "Errors found during import:\n\t" + Listed(e.Problems) }

// Listed is a list of sentences as API Gateway shows one, of bounded length.
func Listed(sentences []string) string { return strings.Join(Bounded(sentences), "\n\t") }

// Bounded is the beginning of a list of sentences, and how many more there were.
func Bounded(sentences []string) []string {
	if len(sentences) <= problemsShown {
		return sentences
	}
	return append(slices.Clone(sentences[:problemsShown]), fmt.Sprintf("and %d more", len(sentences)-problemsShown))
}

// Read reads a definition of an HTTP API, JSON or YAML. The error is an *Error.
func Read(document []byte, options Options) (*Definition, error) {
	root, err := parseWith(document, options)
	if err != nil {
		return nil, err
	}
	version := root.get("openapi").text()
	if !strings.HasPrefix(version, "3.0") {
		return nil, &Error{[]string{"Only OpenAPI 3.0 definitions can be imported as an HTTP API, not: " + versionName(root)}}
	}
	r := reader{root: root, references: map[string]int{}, authorizers: map[string]int{}, keys: map[string]bool{}}
	r.api()
	r.paths(basePrefix(root, options.Basepath))
	if len(r.problems) > 0 {
		return nil, &Error{r.problems}
	}
	return &r.definition, nil
}

func orNoObject(err error) error {
	if err == nil {
		return errors.New("it is not an object")
	}
	return err
}

func versionName(root *tree) string {
	if swagger := root.get("swagger").text(); swagger != "" {
		return "swagger " + swagger
	}
	return "openapi " + root.get("openapi").text()
}

// reader gathers a Definition.
type reader struct {
	root       *tree
	definition Definition
	problems   []string
	// references are the integrations of components that routes share; authorizers are
	// the security schemes. Both by name.
	references  map[string]int
	authorizers map[string]int
	keys        map[string]bool // of the routes
}

func (r *reader) info(format string, a ...any) {
	r.definition.Info = append(r.definition.Info, fmt.Sprintf(format, a...))
}

func (r *reader) warn(format string, a ...any) {
	r.definition.Warnings = append(r.definition.Warnings, fmt.Sprintf(format, a...))
}

func (r *reader) problem(format string, a ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, a...))
}

// api reads what the document says of the whole API.
func (r *reader) api() {
	api := &r.definition.Api
	api.ProtocolType = apigwv2.ProtocolTypeHttp
	api.Name = r.root.get("info", "title").text()
	api.Description = r.root.get("info", "description").text()
	api.Version = r.root.get("info", "version").text()
	if api.Name == "" {
		r.problem("The API definition has no title")
	}
	api.DisableExecuteApiEndpoint = r.root.get(extensionEndpoint, "disableExecuteApiEndpoint").isTrue()
	if cors := r.root.get(extensionCors); cors != nil {
		api.CorsConfiguration = corsOf(cors)
	}
	if tags := r.root.get("tags"); tags != nil {
		for _, tag := range tags.items {
			if value := tag.get(extensionTagValue); value != nil {
				if api.Tags == nil {
					api.Tags = map[string]string{}
				}
				api.Tags[tag.get("name").text()] = value.text()
			}
		}
	}
	if schemas := r.root.get("components", "schemas"); schemas != nil && len(schemas.members) > 0 {
		r.info("Ignoring the schemas of components: models are not supported for HTTP APIs")
	}
}

func corsOf(cors *tree) *apigwv2.Cors {
	return &apigwv2.Cors{
		AllowCredentials: cors.get("allowCredentials").isTrue(), AllowHeaders: cors.get("allowHeaders").texts(),
		AllowMethods: upper(cors.get("allowMethods").texts()), AllowOrigins: cors.get("allowOrigins").texts(),
		ExposeHeaders: cors.get("exposeHeaders").texts(), MaxAge: cors.get("maxAge").integer(),
	}
}

func upper(values []string) []string {
	for i := range values {
		values[i] = strings.ToUpper(values[i])
	}
	return values
}
