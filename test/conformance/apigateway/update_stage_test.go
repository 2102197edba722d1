// Known from: API reference, patch operations; AWS command line's update-stage examples; Terraform's provider (paths, -1, removal); list of the error in part.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"gatehouse/test/conformance"
)

func (f *fixture) patchStage(operations ...types.PatchOperation) (*apigateway.UpdateStageOutput, error) {
	return f.client.UpdateStage(f.ctx, &apigateway.UpdateStageInput{RestApiId: f.apiId, StageName: aws.String("test"), PatchOperations: operations})
}

func TestUpdateStage_settings(t *testing.T) {
	f := newFixture(t)
	f.deploy("test")
	id := f.deploy("")
	output, err := f.patchStage(
		op(types.OpReplace, "/deploymentId", *id), op(types.OpReplace, "/description", "d"), op(types.OpReplace, "/cacheClusterEnabled", "false"),
		op(types.OpReplace, "/cacheClusterSize", "0.5"), op(types.OpReplace, "/tracingEnabled", "false"), op(types.OpReplace, "/variables/a", "b"),
	)
	got := must(t, output, err)
	is(t, "deploymentId", got.DeploymentId, *id)
	is(t, "description", got.Description, "d")
	is(t, "cacheClusterSize", &got.CacheClusterSize, types.CacheClusterSizeSize0Point5Gb)
	output, err = f.patchStage(op(types.OpRemove, "/variables/a", "-"))
	if got := must(t, output, err); len(got.Variables) != 0 {
		t.Errorf("%v", got.Variables)
	}
	_, err = f.patchStage(op(types.OpReplace, "/variables/a", "b"))
	must(t, 0, err)
	output, err = f.patchStage(op(types.OpRemove, "/variables", "-"))
	if got := must(t, output, err); len(got.Variables) != 0 {
		t.Errorf("%v", got.Variables)
	}
	output, err = f.patchStage() // Terraform's provider sends none when nothing changed.
	must(t, output, err)
}

func TestUpdateStage_accessLogSettings(t *testing.T) {
	f := newFixture(t)
	f.deploy("test")
	arn := "arn:aws:logs:us-east-1:000000000000:log-group:x"
	format := func(format string) types.PatchOperation {
		return op(types.OpReplace, "/accessLogSettings/format", format)
	}
	output, err := f.patchStage(op(types.OpReplace, "/accessLogSettings/destinationArn", arn), format("$context.requestId"))
	is(t, "destinationArn", must(t, output, err).AccessLogSettings.DestinationArn, arn)
	output, err = f.patchStage(format("$context.extendedRequestId $context.status\n"))
	is(t, "format", must(t, output, err).AccessLogSettings.Format, "$context.extendedRequestId $context.status\n")
	_, err = f.patchStage(format("{\n$context.requestId"))
	refused(t, err, badRequestCode, "Access Log format must be single line, new line character is allowed only at end of the format: '{\n$context.requestId'")
	_, err = f.patchStage(op(types.OpReplace, "/accessLogSettings/destinationArn", arn+":*"))
	refused(t, err, badRequestCode, "Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': 'log-group:x:*'")
	_, err = f.patchStage(op(types.OpReplace, "/accessLogSettings/destinationArn", "arn:aws:logs:us-east-1:000000000000:delivery:x"))
	refused(t, err, badRequestCode, "Invalid ARN specified in the request. ARNs must start with 'arn:' and include a region and account ID.")
	_, err = f.patchStage(op(types.OpReplace, "/accessLogSettings/destinationArn", "arn:aws:logs:us-east-1:111122223333:log-group:x"))
	refused(t, err, badRequestCode, "Gatehouse does not support accessLogSettings destinationArn of another account of Stage yet: access logs go to log groups of the API's own account")
	_, err = f.patchStage(format("$context.status"))
	refused(t, err, badRequestCode, "Access Log format must include either $context.requestId or $context.extendedRequestId")
	_, err = f.patchStage(op(types.OpReplace, "/accessLogSettings/destinationArn", "x"))
	refused(t, err, badRequestCode, "Invalid ARN specified in the request. ARNs must start with 'arn:' and include a region and account ID.")
	output, err = f.patchStage(op(types.OpRemove, "/accessLogSettings", "-"))
	if got := must(t, output, err); got.AccessLogSettings != nil {
		t.Errorf("%v", got.AccessLogSettings)
	}
}

func TestUpdateStage_methodSettings(t *testing.T) {
	f := newFixture(t)
	f.deploy("test")
	output, err := f.patchStage(
		op(types.OpReplace, "/*/*/logging/dataTrace", "true"), op(types.OpReplace, "/*/*/logging/loglevel", "INFO"),
		op(types.OpReplace, "/~1pets~1{id}/GET/throttling/burstLimit", "-1"), op(types.OpReplace, "/pets/{id}/PUT/throttling/rateLimit", "0.500000"),
		op(types.OpReplace, "/pets/{id}/PUT/caching/ttlInSeconds", "0"),
	)
	got := must(t, output, err).MethodSettings
	all, escaped, plain := got["*/*"], got["~1pets~1{id}/GET"], got["pets/{id}/PUT"]
	is(t, "loggingLevel", all.LoggingLevel, "INFO")
	is(t, "throttlingBurstLimit", &all.ThrottlingBurstLimit, 5000)
	is(t, "throttlingRateLimit", &all.ThrottlingRateLimit, 10000)
	is(t, "burstLimit", &escaped.ThrottlingBurstLimit, -1)
	is(t, "rateLimit", &plain.ThrottlingRateLimit, 0.5)
	is(t, "strategy", &plain.UnauthorizedCacheControlHeaderStrategy, types.UnauthorizedCacheControlHeaderStrategySucceedWithResponseHeader)
	if !all.DataTraceEnabled || !plain.RequireAuthorizationForCacheControl || plain.CacheTtlInSeconds != 0 || escaped.LoggingLevel != nil {
		t.Errorf("%+v", got)
	}
	output, err = f.patchStage(op(types.OpRemove, "/pets/{id}/PUT", "-"))
	if got := must(t, output, err).MethodSettings; len(got) != 2 {
		t.Errorf("%v", got)
	}
	_, err = f.patchStage(op(types.OpRemove, "/pets/{id}/PUT", "-"))
	refused(t, err, badRequestCode, "Cannot remove method setting pets/{id}/PUT because there is no method setting for this method")
}

// The two spellings of a path are one method: the last one stands.
func TestUpdateStage_methodSettingInTwoSpellings(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	f.deploy("test")
	output, err := f.patchStage(op(types.OpReplace, "/~1pets/GET/throttling/burstLimit", "7"), op(types.OpReplace, "/pets/GET/throttling/rateLimit", "8"))
	got := must(t, output, err).MethodSettings
	if setting := got["pets/GET"]; len(got) != 1 || setting.ThrottlingBurstLimit != 7 || setting.ThrottlingRateLimit != 8 {
		t.Errorf("%+v", got)
	}
}

func TestUpdateStage_refuses(t *testing.T) {
	f := newFixture(t)
	f.deploy("test")
	const settings = "/{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace, /{resourcePath}/{httpMethod}/logging/loglevel, " +
		"/{resourcePath}/{httpMethod}/throttling/burstLimit, /{resourcePath}/{httpMethod}/throttling/rateLimit, /{resourcePath}/{httpMethod}/caching/ttlInSeconds, " +
		"/{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted, /{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, " +
		"/{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy]"
	const possible = "Must be one of: [/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings/destinationArn, " +
		"/accessLogSettings/format, /canarySettings/deploymentId, /canarySettings/percentTraffic, /canarySettings/stageVariableOverrides/{variable_name}, " +
		"/canarySettings/useStageCache, /documentationVersion, /tracingEnabled, /variables/{variable_name}, " + settings
	for _, row := range []struct{ path, value, message string }{
		{"/{proxy+}/ANY//throttling/burstLimit", "1", "Invalid method setting path: /{proxy+}/ANY//throttling/burstLimit. " + possible},
		{"/pets/FETCH/throttling/burstLimit", "1", "Invalid method setting path: /pets/FETCH/throttling/burstLimit. " + possible},
		{"/stageName", "x", "Invalid patch path  '/stageName' specified for op 'replace'. " + possible},
		{"/deploymentId", "zzzzzz", "Deployment id does not exist"},
		{"/*/*/throttling/burstLimit", "-2", "Throttling limits must be -1 or at least 0"},
		{"/*/*/caching/ttlInSeconds", "3601", "Cache TTL must be between 0 and 3600 seconds"},
	} {
		_, err := f.patchStage(op(types.OpReplace, row.path, row.value))
		refused(t, err, badRequestCode, row.message)
	}
}

func TestUpdateStage_canary(t *testing.T) {
	f := newFixture(t)
	f.deploy("test")
	output, err := f.patchStage(op(types.OpReplace, "/canarySettings/percentTraffic", "10"))
	if got := must(t, output, err).CanarySettings; got == nil || got.PercentTraffic != 10 {
		t.Errorf("canarySettings %+v", got)
	}
}

// Source: guide api-gateway-caching.md: a cache is made and taken away in the background.
func TestUpdateStage_cache(t *testing.T) {
	f := newFixture(t)
	f.deploy("test")
	for _, row := range []struct {
		path, value string
		status      types.CacheClusterStatus
	}{
		{"/cacheClusterEnabled", "true", types.CacheClusterStatusCreateInProgress},
		{"/*/*/caching/enabled", "true", types.CacheClusterStatusAvailable},
		{"/cacheClusterSize", "1.6", types.CacheClusterStatusCreateInProgress},
		{"/*/*/caching/dataEncrypted", "true", types.CacheClusterStatusAvailable},
		{"/cacheClusterEnabled", "false", types.CacheClusterStatusDeleteInProgress},
	} {
		output, err := f.patchStage(op(types.OpReplace, row.path, row.value))
		is(t, row.path, &must(t, output, err).CacheClusterStatus, row.status)
	}
	output, err := f.client.GetStage(f.ctx, &apigateway.GetStageInput{RestApiId: f.apiId, StageName: aws.String("test")})
	is(t, "cacheClusterStatus", &must(t, output, err).CacheClusterStatus, types.CacheClusterStatusNotAvailable)
}

func TestUpdateStage_notBuilt(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	f.deploy("test")
	for _, row := range []struct{ path, value, message string }{
		{"/tracingEnabled", "true", "tracingEnabled true of Stage yet: traces go to an OpenTelemetry collector, and the server was started without --otlp-endpoint"},
	} {
		_, err := f.patchStage(op(types.OpReplace, row.path, row.value))
		refused(t, err, badRequestCode, "Gatehouse does not support "+row.message)
	}
}

func TestUpdateStage_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.patchStage()
	refused(t, err, notFoundCode, messageStage)
}
