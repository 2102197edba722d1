package functions

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/awsapi"
	api "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/caller"
	"gatehouse/internal/lambda"
	"gatehouse/internal/store/memory"
)

type fakeRunner struct {
	ran       []lambda.Function
	forgotten []string
}

func (f *fakeRunner) Check(_ context.Context, runtime string) (lambda.Interpreter, error) {
	if runtime == "java21" {
		return lambda.Interpreter{}, &lambda.ErrRuntimeMissing{Runtime: runtime, Missing: "java"}
	}
	return lambda.Interpreter{}, nil
}

func (f *fakeRunner) RunsElsewhere(_, functionName string) bool { return functionName == "elsewhere" }

func (f *fakeRunner) Forget(function lambda.Function) error {
	f.forgotten = append(f.forgotten, function.FunctionName)
	return nil
}

func (f *fakeRunner) Invoke(_ context.Context, function lambda.Function, call lambda.Invocation) (lambda.Result, error) {
	f.ran = append(f.ran, function)
	if string(call.Payload) == `"busy"` {
		return lambda.Result{}, &lambda.ErrTooManyRequests{Reason: lambda.ReasonReservedConcurrency}
	}
	return lambda.Result{Payload: call.Payload, LogTail: []byte("log")}, nil
}

func (f *fakeRunner) InvokeEvent(function lambda.Function, _ lambda.Invocation) (string, error) {
	f.ran = append(f.ran, function)
	return "id", nil
}

func newService(t *testing.T) (*Service, *fakeRunner, context.Context) {
	t.Helper()
	runner := &fakeRunner{}
	ids := 0
	service := &Service{
		Store: memory.New(), Runner: runner, Now: func() time.Time { return time.Unix(1700000000, 0) },
		NewId:  func() string { ids++; return fmt.Sprintf("id-%d", ids) },
		Random: func() float64 { return 0.5 },
		FunctionUrl: func(urlId, region string) string {
			return "http://" + urlId + ".lambda-url." + region + ".localhost:4566/"
		},
		EndpointUrl: func() string { return "http://127.0.0.1:4566" },
	}
	t.Cleanup(func() { _ = service.Store.Close() })
	ctx := caller.WithCaller(context.Background(), caller.Caller{Account: "000000000000", Region: "us-east-1"})
	return service, runner, ctx
}

func archive(t *testing.T, content string) []byte {
	t.Helper()
	var buffer bytes.Buffer
	writer := zip.NewWriter(&buffer)
	file, err := writer.Create("index.py")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = file.Write([]byte(content))
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

func create(t *testing.T, s *Service, ctx context.Context, name string) *api.FunctionConfiguration {
	t.Helper()
	out, err := s.CreateFunction(ctx, &api.CreateFunctionInput{
		FunctionName: name, Runtime: "python3.12", Handler: new("index.handler"), Role: "arn:aws:iam::000000000000:role/r",
		Code: &api.FunctionCode{ZipFile: archive(t, name)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func wantError(t *testing.T, err error, code, message string) {
	t.Helper()
	var modelled awsapi.Error
	if !errors.As(err, &modelled) || modelled.ErrorCode() != code || (message != "" && modelled.ErrorMessage() != message) {
		t.Errorf("got %v, want %s: %s", err, code, message)
	}
}

// Source: the Lambda service model and the messages that clients of AWS print.
func TestCreateFunction(t *testing.T) {
	s, _, ctx := newService(t)
	got := create(t, s, ctx, "f")
	if *got.FunctionArn != "arn:aws:lambda:us-east-1:000000000000:function:f" || *got.Version != latest || got.State != api.StateActive || *got.Timeout != 3 || *got.MemorySize != 128 {
		t.Errorf("got %+v", got)
	}
	in := &api.CreateFunctionInput{FunctionName: "f", Runtime: "python3.12", Handler: new("a.b"), Role: "r", Code: &api.FunctionCode{ZipFile: archive(t, "x")}}
	_, err := s.CreateFunction(ctx, in)
	wantError(t, err, "ResourceConflictException", "Function already exist: f")
	in.FunctionName, in.Runtime = "g", "java21"
	_, err = s.CreateFunction(ctx, in)
	wantError(t, err, "InvalidParameterValueException", `runtime "java21" needs java, which is not installed on this machine`)
	in.Runtime, in.Code = "python3.12", &api.FunctionCode{ZipFile: []byte("not a zip")}
	_, err = s.CreateFunction(ctx, in)
	wantError(t, err, "InvalidParameterValueException", messageBadZip)
	in.Code, in.Layers = &api.FunctionCode{ZipFile: archive(t, "x")}, []string{"arn:layer"}
	_, err = s.CreateFunction(ctx, in)
	wantError(t, err, "InvalidParameterValueException", "Layers is not supported by Gatehouse: put the layer's content into the deployment package.")
	in.Layers, in.Environment = nil, &api.Environment{Variables: map[string]string{"AWS_REGION": "x"}}
	_, err = s.CreateFunction(ctx, in)
	wantError(t, err, "InvalidParameterValueException", "")
	if list, err := s.ListFunctions(ctx, &api.ListFunctionsInput{}); err != nil || len(list.Functions) != 1 {
		t.Errorf("a refused function left something behind: %v %v", list, err)
	}
}

func TestVersionsAndAliases(t *testing.T) {
	s, runner, ctx := newService(t)
	create(t, s, ctx, "f")
	one, err := s.PublishVersion(ctx, &api.PublishVersionInput{FunctionName: "f"})
	if err != nil || *one.Version != "1" || *one.FunctionArn != "arn:aws:lambda:us-east-1:000000000000:function:f:1" {
		t.Fatalf("got %+v %v", one, err)
	}
	again, err := s.PublishVersion(ctx, &api.PublishVersionInput{FunctionName: "f"})
	if err != nil || *again.Version != "1" {
		t.Errorf("publishing without a change made %v %v", again, err)
	}
	s.Now = func() time.Time { return time.Unix(1700000001, 0) }
	two, err := s.UpdateFunctionCode(ctx, &api.UpdateFunctionCodeInput{FunctionName: "f", ZipFile: archive(t, "new"), Publish: new(true)})
	if err != nil || *two.Version != "2" || *two.CodeSha256 == *one.CodeSha256 {
		t.Fatalf("got %+v %v", two, err)
	}
	alias := &api.CreateAliasInput{FunctionName: "f", Name: "live", FunctionVersion: "1", RoutingConfig: &api.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{"2": 0.6}}}
	if _, err := s.CreateAlias(ctx, alias); err != nil {
		t.Fatal(err)
	}
	_, err = s.CreateAlias(ctx, alias)
	wantError(t, err, "ResourceConflictException", "Alias already exists: arn:aws:lambda:us-east-1:000000000000:function:f:live")
	for random, want := range map[float64]string{0.1: "2", 0.59: "2", 0.6: "1", 0.99: "1"} {
		s.Random = func() float64 { return random }
		out, err := s.Invoke(ctx, &api.InvokeInput{FunctionName: "f:live", Payload: []byte(`{}`)})
		if err != nil || *out.ExecutedVersion != want || runner.ran[len(runner.ran)-1].Version != want {
			t.Errorf("random %v: got %v %v, want version %s", random, out, err, want)
		}
	}
	_, err = s.DeleteFunction(ctx, &api.DeleteFunctionInput{FunctionName: "f", Qualifier: new("1")})
	wantError(t, err, "ResourceConflictException", "")
	versions, err := s.ListVersionsByFunction(ctx, &api.ListVersionsByFunctionInput{FunctionName: "f"})
	if err != nil || len(versions.Versions) != 3 {
		t.Errorf("got %v %v", versions, err)
	}
	_, err = s.GetAlias(ctx, &api.GetAliasInput{FunctionName: "f", Name: "no"})
	wantError(t, err, "ResourceNotFoundException", "Cannot find alias arn: arn:aws:lambda:us-east-1:000000000000:function:f:no")
}

func TestPermissions(t *testing.T) {
	s, _, ctx := newService(t)
	create(t, s, ctx, "f")
	in := &api.AddPermissionInput{
		FunctionName: "f", StatementId: "api", Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com",
		SourceArn: new("arn:aws:execute-api:us-east-1:000000000000:abc/*"), SourceAccount: new("000000000000"),
	}
	out, err := s.AddPermission(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"Sid": "api", "Effect": "Allow", "Principal": map[string]any{"Service": "apigateway.amazonaws.com"}, "Action": "lambda:InvokeFunction",
		"Resource": "arn:aws:lambda:us-east-1:000000000000:function:f",
		"Condition": map[string]any{
			"StringEquals": map[string]any{"AWS:SourceAccount": "000000000000"},
			"ArnLike":      map[string]any{"AWS:SourceArn": "arn:aws:execute-api:us-east-1:000000000000:abc/*"},
		},
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(*out.Statement), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	_, err = s.AddPermission(ctx, in)
	wantError(t, err, "ResourceConflictException", "The statement id (api) provided already exists. Please provide a new statement id, or remove the existing statement.")
	if document, exists := s.PolicyOf("arn:aws:lambda:us-east-1:000000000000:function:f"); !exists || document == "" {
		t.Error("the policy is not found by ARN")
	}
	if _, exists := s.PolicyOf("arn:aws:lambda:us-east-1:000000000000:function:g"); exists {
		t.Error("a function that does not exist has a policy")
	}
	if _, err := s.RemovePermission(ctx, &api.RemovePermissionInput{FunctionName: "f", StatementId: "api"}); err != nil {
		t.Fatal(err)
	}
	_, err = s.GetPolicy(ctx, &api.GetPolicyInput{FunctionName: "f"})
	wantError(t, err, "ResourceNotFoundException", messageNoPolicy)
	in.Principal = "nobody"
	_, err = s.AddPermission(ctx, in)
	wantError(t, err, "InvalidParameterValueException", "The provided principal was invalid. Please check the principal and try again.")
}

func TestInvoke(t *testing.T) {
	s, _, ctx := newService(t)
	create(t, s, ctx, "f")
	for _, form := range []string{"f", "f:$LATEST", "000000000000:function:f", "arn:aws:lambda:us-east-1:000000000000:function:f"} {
		out, err := s.Invoke(ctx, &api.InvokeInput{FunctionName: form, Payload: []byte(`{"a":1}`), LogType: api.LogTypeTail})
		if err != nil || *out.StatusCode != 200 || string(out.Payload) != `{"a":1}` || *out.LogResult != "bG9n" {
			t.Errorf("%s: got %+v %v", form, out, err)
		}
	}
	if out, err := s.Invoke(ctx, &api.InvokeInput{FunctionName: "f", InvocationType: api.InvocationTypeEvent}); err != nil || *out.StatusCode != 202 {
		t.Errorf("got %v %v", out, err)
	}
	if out, err := s.Invoke(ctx, &api.InvokeInput{FunctionName: "f", InvocationType: api.InvocationTypeDryRun}); err != nil || *out.StatusCode != 204 {
		t.Errorf("got %v %v", out, err)
	}
	_, err := s.Invoke(ctx, &api.InvokeInput{FunctionName: "f", Payload: []byte(`{`)})
	wantError(t, err, "InvalidRequestContentException", "")
	_, err = s.Invoke(ctx, &api.InvokeInput{FunctionName: "f", Payload: []byte(`"busy"`)})
	wantError(t, err, "TooManyRequestsException", "Rate Exceeded.")
	_, err = s.Invoke(ctx, &api.InvokeInput{FunctionName: "none"})
	wantError(t, err, "ResourceNotFoundException", "Function not found: arn:aws:lambda:us-east-1:000000000000:function:none")
	elsewhere, err := s.InvokeVersion(ctx, "arn:aws:lambda:us-east-1:000000000000:function:elsewhere", lambda.Invocation{Payload: []byte("1")}, false)
	if err != nil || string(elsewhere.Payload) != "1" {
		t.Errorf("a function of another endpoint: %v %v", elsewhere, err)
	}
	_, err = s.Invoke(ctx, &api.InvokeInput{FunctionName: "f:1", Qualifier: new("2")})
	wantError(t, err, "InvalidParameterValueException", "")
}

func TestConcurrencyUrlsAndTags(t *testing.T) {
	s, runner, ctx := newService(t)
	create(t, s, ctx, "f")
	if _, err := s.PutFunctionConcurrency(ctx, &api.PutFunctionConcurrencyInput{FunctionName: "f", ReservedConcurrentExecutions: 2}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Invoke(ctx, &api.InvokeInput{FunctionName: "f"}); err != nil || *runner.ran[0].ReservedConcurrency != 2 {
		t.Errorf("the runner does not know the reservation: %v", err)
	}
	_, err := s.PutFunctionConcurrency(ctx, &api.PutFunctionConcurrencyInput{FunctionName: "f", ReservedConcurrentExecutions: 901})
	wantError(t, err, "InvalidParameterValueException", "")
	url, err := s.CreateFunctionUrlConfig(ctx, &api.CreateFunctionUrlConfigInput{FunctionName: "f", AuthType: api.FunctionUrlAuthTypeNone})
	if err != nil {
		t.Fatal(err)
	}
	id := url.FunctionUrl[len("http://") : len("http://")+urlIdLength]
	if target, ok := s.FindFunctionUrl(id); !ok || target.FunctionName != "f" {
		t.Errorf("%s leads to %v %v", id, target, ok)
	}
	_, err = s.UpdateFunctionUrlConfig(ctx, &api.UpdateFunctionUrlConfigInput{FunctionName: "f", AuthType: api.FunctionUrlAuthTypeAwsIam})
	wantError(t, err, "InvalidParameterValueException", "")
	arn := "arn:aws:lambda:us-east-1:000000000000:function:f"
	if _, err := s.TagResource(ctx, &api.TagResourceInput{Resource: arn, Tags: map[string]string{"a": "1", "b": "2"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.UntagResource(ctx, &api.UntagResourceInput{Resource: arn, TagKeys: []string{"a"}}); err != nil {
		t.Fatal(err)
	}
	if tags, err := s.ListTags(ctx, &api.ListTagsInput{Resource: arn}); err != nil || !cmp.Equal(tags.Tags, map[string]string{"b": "2"}) {
		t.Errorf("got %v %v", tags, err)
	}
	if _, err := s.DeleteFunction(ctx, &api.DeleteFunctionInput{FunctionName: "f"}); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.FindFunctionUrl(id); ok {
		t.Error("the URL outlived its function")
	}
	if !cmp.Equal(runner.forgotten, []string{"f"}) {
		t.Errorf("the runner forgot %v", runner.forgotten)
	}
}
