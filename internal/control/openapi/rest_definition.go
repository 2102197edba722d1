package openapi

import (
	"bytes"
	"fmt"
	"strings"

	"gatehouse/internal/apigw"
)

// The extensions of API Gateway that definitions of REST APIs alone have.
const (
	extensionKeySource   = "x-amazon-apigateway-api-key-source"
	extensionBinary      = "x-amazon-apigateway-binary-media-types"
	extensionDocument    = "x-amazon-apigateway-documentation"
	extensionResponses   = "x-amazon-apigateway-gateway-responses"
	extensionCompression = "x-amazon-apigateway-minimum-compression-size"
	extensionPolicy      = "x-amazon-apigateway-policy"
	extensionValidator   = "x-amazon-apigateway-request-validator"
	extensionValidators  = "x-amazon-apigateway-request-validators"

	extensionPrefix = "x-amazon-apigateway-"
)

// rootExtensions are those that the top of a REST API's definition may have.
var rootExtensions = []string{
	extensionKeySource, extensionBinary, extensionDocument, extensionResponses, extensionCompression, extensionPolicy, extensionValidator,
	extensionValidators, extensionEndpoint, extensionVersion,
}

// RestOptions say how a definition of a REST API is read.
type RestOptions struct {
	Options

	// ModelUrl is what references to the API's models begin with; the model's name follows.
	ModelUrl string
	// WithoutDocumentation leaves out the documentation parts.
	WithoutDocumentation bool
}

// RestDefinition is what a document says of a REST API. Ids are empty: a method names its
// authorizer and its request validator.
type RestDefinition struct {
	// RestApi has what the document says of the whole API; empty is what it does not say.
	RestApi apigw.RestApi
	// DisableExecuteApiEndpoint is nil where the document does not say it.
	DisableExecuteApiEndpoint *bool

	Models            []apigw.Model
	RequestValidators []apigw.RequestValidator
	Authorizers       []apigw.Authorizer
	GatewayResponses  []apigw.GatewayResponse
	// Paths are those of all resources, in the order of the document.
	Paths              []string
	Methods            []RestMethod
	DocumentationParts []apigw.DocumentationPart
	// Documented says that the documentation was read, not left out.
	Documented bool
	// Warnings tell what is wrong and left out.
	Warnings []string
}

// RestMethod is a method of a REST API with what it refers to by name.
type RestMethod struct {
	apigw.Method

	Path             string
	Authorizer       string // empty without one
	RequestValidator string // empty without one
}

// ReadRest reads a definition of a REST API: OpenAPI 3.0 or Swagger 2.0, JSON or YAML.
// The error is an *Error.
func ReadRest(document []byte, options RestOptions) (*RestDefinition, error) {
	root, err := parseWith(document, options.Options)
	if err != nil {
		return nil, err
	}
	swagger := root.get("swagger").text() == "2.0"
	if !swagger && !strings.HasPrefix(root.get("openapi").text(), "3.0") {
		return nil, &Error{[]string{"Only OpenAPI 3.0 and Swagger 2.0 definitions can be imported as a REST API, not: " + versionName(root)}}
	}
	r := newRestReader(root, options)
	r.api()
	r.models()
	r.validators()
	r.authorizers()
	r.gatewayResponses()
	r.paths(basePrefix(root, options.Basepath))
	r.documentation()
	if len(r.problems) > 0 {
		return nil, &Error{r.problems}
	}
	return &r.definition, nil
}

// parseWith parses a document with the variables of AWS put in.
func parseWith(document []byte, options Options) (*tree, error) {
	replace := strings.NewReplacer("${AWS::AccountId}", options.Account, "${AWS::Region}", options.Region, "${AWS::Partition}", "aws")
	root, err := parse([]byte(replace.Replace(string(document))))
	if err != nil || root.kind != object {
		return nil, &Error{[]string{fmt.Sprintf("Unable to parse the API definition: %v", orNoObject(err))}}
	}
	return root, nil
}

// restReader gathers a RestDefinition.
type restReader struct {
	root       *tree
	options    RestOptions
	swagger    bool
	definition RestDefinition
	problems   []string
	told       map[string]bool // the problems
	inline     map[string]bool // names of models that are made of schemas without a name
	methods    map[string]bool // "GET /pets"
	// schemas and schemes are where the document has its models and security schemes.
	schemas, schemes *tree
}

func newRestReader(root *tree, options RestOptions) *restReader {
	r := &restReader{root: root, options: options, swagger: root.get("swagger") != nil}
	r.told, r.inline, r.methods = map[string]bool{}, map[string]bool{}, map[string]bool{}
	r.schemas, r.schemes = root.get("components", "schemas"), root.get("components", "securitySchemes")
	if r.swagger {
		r.schemas, r.schemes = root.get("definitions"), root.get("securityDefinitions")
	}
	return r
}

func (r *restReader) warn(format string, a ...any) {
	r.definition.Warnings = append(r.definition.Warnings, fmt.Sprintf(format, a...))
}

// problem keeps a problem once: what the documentation is read of was read before.
func (r *restReader) problem(format string, a ...any) {
	if text := fmt.Sprintf(format, a...); !r.told[text] {
		r.told[text] = true
		r.problems = append(r.problems, text)
	}
}

// warnUnknown warns of API Gateway's extensions that are not known at a place.
func (r *restReader) warnUnknown(at *tree, where string, known ...string) {
	if at == nil {
		return
	}
	for _, m := range at.members {
		if strings.HasPrefix(m.name, extensionPrefix) && !contains(known, m.name) {
			r.warn("Ignoring the extension %s of %s: it is not supported for REST APIs there", m.name, where)
		}
	}
}

func contains(names []string, name string) bool {
	for _, one := range names {
		if strings.EqualFold(one, name) {
			return true
		}
	}
	return false
}

// api reads what the document says of the whole API.
func (r *restReader) api() {
	api := &r.definition.RestApi
	api.Name = r.root.get("info", "title").text()
	api.Description = r.root.get("info", "description").text()
	api.Version = r.root.get("info", "version").text()
	if api.Name == "" {
		r.problem("The API definition has no title")
	}
	api.ApiKeySource = strings.ToUpper(r.root.get(extensionKeySource).text())
	api.BinaryMediaTypes = r.root.get(extensionBinary).texts()
	if size := r.root.get(extensionCompression); size != nil {
		if api.MinimumCompressionSize = size.integer(); api.MinimumCompressionSize == nil {
			r.problem("%s is not a whole number", extensionCompression)
		}
	}
	if policy := r.root.get(extensionPolicy); policy != nil {
		api.Policy = policy.json()
	}
	for _, configuration := range r.endpointConfigurations() {
		if disable := configuration.get("disableExecuteApiEndpoint"); disable != nil {
			disabled := disable.isTrue()
			r.definition.DisableExecuteApiEndpoint = &disabled
		}
		if ids := configuration.get("vpcEndpointIds"); ids != nil {
			api.EndpointConfiguration.VpcEndpointIds = ids.texts()
		}
	}
	r.warnUnknown(r.root, "the API definition", rootExtensions...)
}

// endpointConfigurations are at the top in Swagger 2.0, and in the servers of OpenAPI 3.0;
// both places are read of both.
func (r *restReader) endpointConfigurations() []*tree {
	found := []*tree{r.root.get(extensionEndpoint)}
	if servers := r.root.get("servers"); servers != nil {
		for _, server := range servers.items {
			found = append(found, server.get(extensionEndpoint))
		}
	}
	return found
}

// json is a tree's JSON.
func (t *tree) json() string {
	var b bytes.Buffer
	t.appendJSON(&b, "")
	return b.String()
}

// validators reads the request validators.
func (r *restReader) validators() {
	validators := r.root.get(extensionValidators)
	if validators == nil {
		return
	}
	for _, m := range validators.members {
		r.definition.RequestValidators = append(r.definition.RequestValidators, apigw.RequestValidator{
			Name: m.name, ValidateRequestBody: m.value.get("validateRequestBody").isTrue(),
			ValidateRequestParameters: m.value.get("validateRequestParameters").isTrue(),
		})
	}
}

// gatewayResponses reads what the API answers when a request fails.
func (r *restReader) gatewayResponses() {
	responses := r.root.get(extensionResponses)
	if responses == nil {
		return
	}
	for _, m := range responses.members {
		r.definition.GatewayResponses = append(r.definition.GatewayResponses, apigw.GatewayResponse{
			ResponseType: m.name, StatusCode: m.value.get("statusCode").text(),
			ResponseParameters: m.value.get("responseParameters").entries(), ResponseTemplates: m.value.get("responseTemplates").entries(),
		})
	}
}

// resolve follows the reference that stands in the place of a parameter, a response and
// so on. What it names must be in the document.
func (r *restReader) resolve(t *tree, where string) *tree {
	for range depthLimit {
		reference := t.get("$ref")
		if reference == nil {
			return t
		}
		path, local := strings.CutPrefix(reference.text(), "#/")
		found := r.root
		if local {
			for name := range strings.SplitSeq(path, "/") {
				found = found.get(strings.NewReplacer("~1", "/", "~0", "~").Replace(name))
			}
		}
		if !local || found == nil {
			r.problem("%s refers to '%s', which is not defined", where, reference.text())
			return nil
		}
		t = found
	}
	r.problem("%s refers to itself", where)
	return nil
}
