package authenticator

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/control/openapi"
	"gatehouse/internal/iam"
)

// The condition keys apigateway:Request/… and apigateway:Resource/… (Service
// Authorization Reference: Amazon API Gateway Management, and Management V2). A key is
// there for the operations that the reference names and for no other: a condition on one
// that is missing does not hold.

// conditionKey is a key of both kinds, and where requests and records have its value:
// members, joined by dots. The first that has one counts.
type conditionKey struct {
	name    string
	members []string
	// patch is the path, or what it begins with, of the patch operations that set it.
	patch string
}

var (
	keyApiName             = conditionKey{"ApiName", []string{"Name"}, "/name"}
	keyEndpointType        = conditionKey{"EndpointType", []string{"EndpointConfiguration.Types", "DomainNameConfigurations.EndpointType"}, "/endpointConfiguration/types"}
	keyDisableExecute      = conditionKey{"DisableExecuteApiEndpoint", []string{"DisableExecuteApiEndpoint"}, "/disableExecuteApiEndpoint"}
	keyAuthorizerType      = conditionKey{"AuthorizerType", []string{"AuthorizerType", "Type"}, "/type"}
	keyAuthorizerUri       = conditionKey{"AuthorizerUri", []string{"AuthorizerUri"}, "/authorizerUri"}
	keyApiKeyRequired      = conditionKey{"ApiKeyRequired", []string{"ApiKeyRequired"}, ""}
	keyAuthorizationType   = conditionKey{"RouteAuthorizationType", []string{"AuthorizationType"}, ""}
	keyLoggingDestination  = conditionKey{"AccessLoggingDestination", []string{"AccessLogSettings.DestinationArn"}, "/accessLogSettings/destinationArn"}
	keyLoggingFormat       = conditionKey{"AccessLoggingFormat", []string{"AccessLogSettings.Format"}, "/accessLogSettings/format"}
	keyStageName           = conditionKey{"StageName", []string{"StageName"}, ""}
	keyTrustStoreUri       = conditionKey{"MtlsTrustStoreUri", []string{"MutualTlsAuthentication.TruststoreUri"}, "/mutualTlsAuthentication/truststoreUri"}
	keyTrustStoreVersion   = conditionKey{"MtlsTrustStoreVersion", []string{"MutualTlsAuthentication.TruststoreVersion"}, "/mutualTlsAuthentication/truststoreVersion"}
	keySecurityPolicy      = conditionKey{"SecurityPolicy", []string{"SecurityPolicy", "DomainNameConfigurations.SecurityPolicy"}, "/securityPolicy"}
	keyRoutingMode         = conditionKey{"RoutingMode", []string{"RoutingMode"}, "/routingMode"}
	keyPriority            = conditionKey{"Priority", []string{"Priority"}, ""}
	keyConditionBasePaths  = conditionKey{"ConditionBasePaths", []string{"Conditions.MatchBasePaths.AnyOf", "Conditions.MatchBasePaths"}, ""}
	keysOfApi              = []conditionKey{keyApiName, keyEndpointType, keyDisableExecute}
	keysOfAuthorizer       = []conditionKey{keyAuthorizerType, keyAuthorizerUri}
	keysOfMethod           = []conditionKey{keyApiKeyRequired, keyAuthorizationType}
	keysOfStage            = []conditionKey{keyLoggingDestination, keyLoggingFormat}
	keysOfDomainName       = []conditionKey{keyEndpointType, keyTrustStoreUri, keyTrustStoreVersion, keySecurityPolicy, keyRoutingMode}
	keysOfRoutingRule      = []conditionKey{keyPriority, keyConditionBasePaths}
	keysOfDeployment       = []conditionKey{keyStageName}
	keysOfImportedMembers  = slices.Concat(keysOfMethod, keysOfAuthorizer)
	keysOfEndpointOfImport = conditionKey{"EndpointType", []string{"Parameters.endpointConfigurationTypes"}, ""}
)

// apiGatewayKeys says which operations have which keys, of the request and of the
// resource as it is. Operations of both versions share names.
var apiGatewayKeys = map[string]struct{ request, resource []conditionKey }{
	"CreateRestApi": {keysOfApi, nil}, "UpdateRestApi": {keysOfApi, keysOfApi}, "DeleteRestApi": {nil, keysOfApi},
	"CreateApi": {keysOfApi, nil}, "UpdateApi": {keysOfApi, keysOfApi}, "DeleteApi": {nil, keysOfApi},
	"CreateAuthorizer": {keysOfAuthorizer, nil}, "UpdateAuthorizer": {keysOfAuthorizer, keysOfAuthorizer}, "DeleteAuthorizer": {nil, keysOfAuthorizer},
	"PutMethod": {keysOfMethod, keysOfMethod}, "DeleteMethod": {nil, keysOfMethod},
	"CreateRoute": {keysOfMethod, nil}, "UpdateRoute": {keysOfMethod, keysOfMethod}, "DeleteRoute": {nil, keysOfMethod},
	"CreateStage": {keysOfStage, nil}, "UpdateStage": {keysOfStage, keysOfStage}, "DeleteStage": {nil, keysOfStage},
	"CreateDeployment": {keysOfDeployment, nil},
	"CreateDomainName": {keysOfDomainName, nil}, "UpdateDomainName": {keysOfDomainName, keysOfDomainName}, "DeleteDomainName": {nil, keysOfDomainName},
	"CreateRoutingRule": {keysOfRoutingRule, nil}, "PutRoutingRule": {keysOfRoutingRule, keysOfRoutingRule}, "DeleteRoutingRule": {nil, keysOfRoutingRule},
	"ImportRestApi": {[]conditionKey{keysOfEndpointOfImport}, nil}, "PutRestApi": {[]conditionKey{keysOfEndpointOfImport}, nil},
}

// Values that a request has when it does not say them.
var apiGatewayDefaults = map[string]map[string]string{
	"PutMethod": {"ApiKeyRequired": "false"}, "CreateRoute": {"ApiKeyRequired": "false", "RouteAuthorizationType": "NONE"},
}

// apiGatewayKeys are the keys of the operation.
func (r *resourceReader) apiGatewayKeys(found existing) iam.Context {
	name := r.call.Operation.Name
	wanted := apiGatewayKeys[name]
	var keys iam.Context
	for _, key := range wanted.request {
		values := key.of(r.input)
		if len(values) == 0 {
			values = key.patched(r.input)
		}
		if value, ok := apiGatewayDefaults[name][key.name]; ok && len(values) == 0 {
			values = []string{value}
		}
		keys = key.append(keys, "apigateway:Request/", values)
	}
	for _, key := range wanted.resource {
		keys = key.append(keys, "apigateway:Resource/", key.of(inputOf(found.noun)))
	}
	return append(keys, r.importKeys(found)...)
}

// append adds a key that has values.
func (k conditionKey) append(keys iam.Context, prefix string, values []string) iam.Context {
	if len(values) == 0 {
		return keys
	}
	return append(keys, iam.ContextKey{Key: prefix + k.name, Values: values})
}

// of reads the values from a request or a record.
func (k conditionKey) of(in input) []string {
	for _, path := range k.members {
		if values := valuesAt(in.value, strings.Split(path, ".")); len(values) > 0 {
			return values
		}
	}
	return nil
}

// patched reads the values that patch operations set.
func (k conditionKey) patched(in input) []string {
	var values []string
	for _, operation := range in.items("PatchOperations") {
		path, value := operation.text("Path"), operation.text("Value")
		if k.patch != "" && value != "" && (path == k.patch || strings.HasPrefix(path, k.patch+"/")) {
			values = append(values, value)
		}
	}
	return values
}

// valuesAt follows members through structures, pointers, lists and maps.
func valuesAt(v reflect.Value, path []string) []string {
	for v.IsValid() && (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) {
		v = v.Elem()
	}
	if !v.IsValid() {
		return nil
	}
	switch {
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8:
		var values []string
		for i := range v.Len() {
			values = append(values, valuesAt(v.Index(i), path)...)
		}
		return values
	case len(path) == 0:
		return scalar(v)
	case v.Kind() == reflect.Struct:
		return valuesAt(v.FieldByName(path[0]), path[1:])
	case v.Kind() == reflect.Map && v.Type().Key().Kind() == reflect.String:
		return valuesAt(v.MapIndex(reflect.ValueOf(path[0]).Convert(v.Type().Key())), path[1:])
	}
	return nil
}

func scalar(v reflect.Value) []string {
	switch v.Kind() { // what members of these keys are
	case reflect.String:
		if v.String() == "" {
			return nil
		}
		return []string{v.String()}
	case reflect.Bool:
		return []string{strconv.FormatBool(v.Bool())}
	case reflect.Int32, reflect.Int64, reflect.Int:
		return []string{strconv.FormatInt(v.Int(), 10)}
	}
	return nil
}

// importKeys are the collections of an import: of its routes and authorizers, and of
// those that are there when it replaces them. The definition is read by what will import
// it; one that cannot be read will not be.
func (r *resourceReader) importKeys(found existing) iam.Context {
	var members []any
	switch r.call.Operation.Name {
	case "ImportRestApi", "PutRestApi":
		definition, err := openapi.ReadRest(r.input.body(), openapi.RestOptions{WithoutDocumentation: true})
		if err != nil {
			return nil
		}
		for i := range definition.Methods {
			members = append(members, methodMembers{definition.Methods[i].AuthorizationType, definition.Methods[i].ApiKeyRequired})
		}
		for i := range definition.Authorizers {
			members = append(members, authorizerMembers{definition.Authorizers[i].Type, definition.Authorizers[i].AuthorizerUri})
		}
	case "ImportApi", "ReimportApi":
		definition, err := openapi.Read(r.input.body(), openapi.Options{Account: r.who.Account, Region: r.who.Region})
		if err != nil {
			return nil
		}
		for i := range definition.Routes {
			members = append(members, methodMembers{definition.Routes[i].AuthorizationType, definition.Routes[i].ApiKeyRequired})
		}
		for i := range definition.Authorizers {
			members = append(members, authorizerMembers{definition.Authorizers[i].AuthorizerType, definition.Authorizers[i].AuthorizerUri})
		}
	default:
		return nil
	}
	var keys iam.Context
	for _, key := range keysOfImportedMembers {
		keys = key.append(keys, "apigateway:Request/", key.of(inputOf(members)))
		keys = key.append(keys, "apigateway:Resource/", key.of(inputOf(found.members())))
	}
	return keys
}

// methodMembers and authorizerMembers are what the keys of an import read.
type (
	methodMembers struct {
		AuthorizationType string
		ApiKeyRequired    bool
	}
	authorizerMembers struct{ AuthorizerType, AuthorizerUri string }
)
