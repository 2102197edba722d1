package authenticator

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	apirecords "gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/apigateway"
	managementapi "gatehouse/internal/awsapi/apigatewaymanagementapi"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/awsapi/cloudformation"
	"gatehouse/internal/awsapi/elbv2"
	iamapi "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/awsapi/logs"
	"gatehouse/internal/awsapi/schema"
	stsapi "gatehouse/internal/awsapi/sts"
	"gatehouse/internal/caller"
	"gatehouse/internal/control/functions"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
	"gatehouse/internal/store/memory"
	"gatehouse/internal/wire"
)

const testAccount = "111122223333"

func callOf(service *schema.Service, operation string, input any) wire.Call {
	found := service.Operation(operation)
	return wire.Call{Service: service, Operation: found, Method: found.Method, Path: found.Path, Input: input}
}

func withPath(call wire.Call, path string) wire.Call {
	call.Path = path
	return call
}

func newAuthorizer(t *testing.T) *Authorizer {
	t.Helper()
	kept := memory.New()
	err := kept.Update(context.Background(), func(tx *store.Tx) error {
		scope := records.Scope(testAccount)
		at := apirecords.Scope(apigw.Scope{Account: testAccount, Region: "us-east-1"})
		return errors.Join(
			records.Users.Put(tx, records.User{UserName: "alice", Path: "/team/", Tags: []iam.Tag{{Key: "team", Value: "a"}}}, scope, "alice"),
			records.Roles.Put(tx, records.Role{RoleName: "runner", Path: "/"}, scope, "runner"),
			apirecords.RestApis.Put(tx, apigw.RestApi{
				Id: "abc", Name: "pets", Tags: map[string]string{"owner": "x"}, EndpointConfiguration: apigw.EndpointConfiguration{Types: []string{"EDGE"}}, DisableExecuteApiEndpoint: true,
			}, at, "abc"),
			apirecords.Resources.Put(tx, apigw.Resource{Methods: map[string]apigw.Method{"GET": {AuthorizationType: "AWS_IAM", ApiKeyRequired: true}}}, at, "abc", "r"),
			apirecords.Authorizers.Put(tx, apigw.Authorizer{Id: "a", Type: "TOKEN", AuthorizerUri: "arn:old"}, at, "abc", "a"),
			apirecords.Stages.Put(tx, apigw.Stage{StageName: "prod", Tags: map[string]string{"tier": "1"}, AccessLogSettings: &apigw.AccessLogSettings{Format: "f", DestinationArn: "arn:d"}}, at, "abc", "prod"),
			apirecords.Apis.Put(tx, apigwv2.Api{Name: "http", Tags: map[string]string{"owner": "y"}}, at, "def"),
			apirecords.Routes.Put(tx, apigwv2.Route{RouteKey: "GET /", AuthorizationType: "JWT"}, at, "def", "r"),
			apirecords.ApiStages.Put(tx, apigwv2.Stage{StageName: "dev"}, at, "def", "dev"),
			apirecords.DomainNames.Put(tx, apigwv2.DomainName{DomainName: "a.example.com", RoutingMode: "API_MAPPING_ONLY",
				DomainNameConfigurations: []apigwv2.DomainNameConfiguration{{EndpointType: "REGIONAL", SecurityPolicy: "TLS_1_2"}}}, at, "a.example.com"),
			apirecords.RoutingRules.Put(tx, apigwv2.RoutingRule{RoutingRuleId: "r", Priority: 7, Conditions: []apigwv2.RoutingRuleCondition{{MatchBasePaths: []string{"old"}}}}, at, "a.example.com", "r"),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	return &Authorizer{
		Store: kept, Now: time.Now, Log: slog.New(slog.DiscardHandler), FunctionArn: functions.FunctionArn,
		Connections: func(_ context.Context, call ConnectionsCall) ConnectionsApi {
			id, _, _ := strings.Cut(call.Host, ".")
			return ConnectionsApi{Api: iam.ApiARN{ApiID: id}, StageName: strings.Trim(call.BasePath, "/")}
		},
		FunctionPolicy: func(arn string) (string, bool) {
			if strings.HasSuffix(arn, ":function:permitted") {
				return `{"Statement":[{"Sid":"gone","Principal":{"Service":"s3.amazonaws.com"}},{"Sid":"url","Principal":"*","Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}}]}`, true
			}
			if !strings.HasSuffix(arn, ":function:shared") {
				return "", true
			}
			return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + testAccount + `"},"Action":"lambda:InvokeFunction","Resource":"` + arn + `"}]}`, true
		},
	}
}

// Source: Service Authorization Reference, the tables of actions and resource types of each service; for API Gateway
// security_iam_service-with-iam.md. What a log group's ARN looks like is seen in messages of refusals.
func TestWhatOperationsNeed(t *testing.T) {
	const role = "arn:aws:iam::111122223333:role/runner"
	pass := func(service string) string { return "iam:PassRole " + role + " iam:PassedToService=" + service }
	cases := []struct {
		name string
		call wire.Call
		want []string
	}{
		{"GetRestApis", withPath(callOf(apigateway.Schema(), "GetRestApis", &apigateway.GetRestApisInput{}), "/restapis"),
			[]string{"apigateway:GET arn:aws:apigateway:us-east-1::/restapis"}},
		{"DeleteRestApi", withPath(callOf(apigateway.Schema(), "DeleteRestApi", &apigateway.DeleteRestApiInput{RestApiId: "abc"}), "/restapis/abc"),
			[]string{"apigateway:DELETE arn:aws:apigateway:us-east-1::/restapis/abc aws:ResourceTag/owner=x apigateway:Resource/ApiName=pets apigateway:Resource/EndpointType=EDGE apigateway:Resource/DisableExecuteApiEndpoint=true"}},
		{"PutIntegration passes its role", withPath(callOf(apigateway.Schema(), "PutIntegration", &apigateway.PutIntegrationInput{Credentials: new(role)}), "/restapis/none/resources/r/methods/GET/integration"),
			[]string{"apigateway:PUT arn:aws:apigateway:us-east-1::/restapis/none/resources/r/methods/GET/integration", pass("apigateway.amazonaws.com")}},
		{"as the caller passes no role", withPath(callOf(apigateway.Schema(), "PutIntegration", &apigateway.PutIntegrationInput{Credentials: new(apigw.CallerCredentials)}), "/restapis/none/x"),
			[]string{"apigateway:PUT arn:aws:apigateway:us-east-1::/restapis/none/x"}},
		{"UpdateAccount passes a role", withPath(callOf(apigateway.Schema(), "UpdateAccount", &apigateway.UpdateAccountInput{
			PatchOperations: []apigateway.PatchOperation{{Op: "replace", Path: new("/cloudwatchRoleArn"), Value: new(role)}}}), "/account"),
			[]string{"apigateway:PATCH arn:aws:apigateway:us-east-1::/account", pass("apigateway.amazonaws.com")}},
		{"UpdateRestApi of the policy", withPath(callOf(apigateway.Schema(), "UpdateRestApi", &apigateway.UpdateRestApiInput{
			PatchOperations: []apigateway.PatchOperation{{Op: "replace", Path: new("/policy"), Value: new("{}")}}}), "/restapis/def"),
			[]string{"apigateway:PATCH arn:aws:apigateway:us-east-1::/restapis/def", "apigateway:UpdateRestApiPolicy arn:aws:apigateway:us-east-1::/restapis/def"}},
		{"ImportRestApi with a policy and a role", withPath(callOf(apigateway.Schema(), "ImportRestApi", &apigateway.ImportRestApiInput{
			Body: []byte("openapi: 3.0.1\nx-amazon-apigateway-policy: {}\npaths:\n  /:\n    get:\n      x-amazon-apigateway-integration:\n        credentials: " + role + "\n")}), "/restapis"),
			[]string{"apigateway:POST arn:aws:apigateway:us-east-1::/restapis", "apigateway:UpdateRestApiPolicy arn:aws:apigateway:us-east-1::/restapis/*", pass("apigateway.amazonaws.com")}},
		{"a role hidden by JSON escapes", withPath(callOf(apigateway.Schema(), "ImportRestApi", &apigateway.ImportRestApiInput{
			Body: []byte(`{"x":{"credentials":"\u0061rn:aws:iam::111122223333:role\/runner"}}`)}), "/restapis"),
			[]string{"apigateway:POST arn:aws:apigateway:us-east-1::/restapis", pass("apigateway.amazonaws.com")}},
		{"GetApis of the second version", withPath(callOf(apigatewayv2.Schema(), "GetApis", &apigatewayv2.GetApisInput{}), "/v2/apis"),
			[]string{"apigateway:GET arn:aws:apigateway:us-east-1::/apis"}},
		{"PostToConnection", callOf(managementapi.Schema(), "PostToConnection", &managementapi.PostToConnectionInput{ConnectionId: "c="}),
			[]string{"execute-api:ManageConnections arn:aws:execute-api:us-east-1:111122223333:ws1/prod/POST/@connections/c="}},
		{"CreateFunction passes its role", callOf(lambda.Schema(), "CreateFunction", &lambda.CreateFunctionInput{FunctionName: "f", Role: role}),
			[]string{"lambda:CreateFunction arn:aws:lambda:us-east-1:111122223333:function:f", pass("lambda.amazonaws.com")}},
		{"Invoke by partial ARN", callOf(lambda.Schema(), "Invoke", &lambda.InvokeInput{FunctionName: "444455556666:function:f:PROD"}),
			[]string{"lambda:InvokeFunction arn:aws:lambda:us-east-1:444455556666:function:f:PROD"}},
		{"ListFunctions", callOf(lambda.Schema(), "ListFunctions", &lambda.ListFunctionsInput{}), []string{"lambda:ListFunctions *"}},
		{"TagResource of Lambda", callOf(lambda.Schema(), "TagResource", &lambda.TagResourceInput{Resource: "arn:aws:lambda:us-east-1:444455556666:function:f"}),
			[]string{"lambda:TagResource arn:aws:lambda:us-east-1:444455556666:function:f"}},
		{"GetUser with a path", callOf(iamapi.Schema(), "GetUser", &iamapi.GetUserInput{UserName: new("alice")}),
			[]string{"iam:GetUser arn:aws:iam::111122223333:user/team/alice aws:ResourceTag/team=a iam:ResourceTag/team=a"}},
		{"CreateUser with tags and boundary", callOf(iamapi.Schema(), "CreateUser", &iamapi.CreateUserInput{
			UserName: "bob", Path: new("/p/"), PermissionsBoundary: new("arn:b"), Tags: []iamapi.Tag{{Key: "k", Value: "v"}}}),
			[]string{"iam:CreateUser arn:aws:iam::111122223333:user/p/bob iam:PermissionsBoundary=arn:b", "iam:TagUser arn:aws:iam::111122223333:user/p/bob iam:PermissionsBoundary=arn:b"}},
		{"AttachRolePolicy", callOf(iamapi.Schema(), "AttachRolePolicy", &iamapi.AttachRolePolicyInput{RoleName: "runner", PolicyArn: "arn:p"}),
			[]string{"iam:AttachRolePolicy arn:aws:iam::111122223333:role/runner iam:PolicyARN=arn:p"}},
		{"AddUserToGroup is about the group", callOf(iamapi.Schema(), "AddUserToGroup", &iamapi.AddUserToGroupInput{GroupName: "g", UserName: "alice"}),
			[]string{"iam:AddUserToGroup arn:aws:iam::111122223333:group/g"}},
		{"CreateAccessKey of oneself", callOf(iamapi.Schema(), "CreateAccessKey", &iamapi.CreateAccessKeyInput{}),
			[]string{"iam:CreateAccessKey arn:aws:iam::111122223333:user/team/alice"}},
		{"ListUsers", callOf(iamapi.Schema(), "ListUsers", &iamapi.ListUsersInput{}), []string{"iam:ListUsers *"}},
		{"GetCallerIdentity", callOf(stsapi.Schema(), "GetCallerIdentity", &stsapi.GetCallerIdentityInput{}), nil},
		{"PutLogEvents", callOf(logs.Schema(), "PutLogEvents", &logs.PutLogEventsInput{LogGroupName: "/aws/lambda/f", LogStreamName: "s"}),
			[]string{"logs:PutLogEvents arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f:log-stream:s"}},
		{"CreateLogGroup", callOf(logs.Schema(), "CreateLogGroup", &logs.CreateLogGroupInput{LogGroupName: "g"}),
			[]string{"logs:CreateLogGroup arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:"}},
		{"DescribeLogGroups", callOf(logs.Schema(), "DescribeLogGroups", &logs.DescribeLogGroupsInput{}),
			[]string{"logs:DescribeLogGroups arn:aws:logs:us-east-1:111122223333:log-group::log-stream:"}},
		{"DescribeLoadBalancers", callOf(elbv2.Schema(), "DescribeLoadBalancers", &elbv2.DescribeLoadBalancersInput{
			LoadBalancerArns: []string{"arn:aws:elasticloadbalancing:us-east-1:444455556666:loadbalancer/app/x/1"}}),
			[]string{"elasticloadbalancing:DescribeLoadBalancers *", "elasticloadbalancing:DescribeLoadBalancers arn:aws:elasticloadbalancing:us-east-1:444455556666:loadbalancer/app/x/1"}},
		{"CreateLoadBalancer", callOf(elbv2.Schema(), "CreateLoadBalancer", &elbv2.CreateLoadBalancerInput{Name: "n", Type: "network"}),
			[]string{"elasticloadbalancing:CreateLoadBalancer arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/n/*"}},
		{"CreateStack", callOf(cloudformation.Schema(), "CreateStack", &cloudformation.CreateStackInput{StackName: "s", RoleARN: new(role)}),
			[]string{"cloudformation:CreateStack arn:aws:cloudformation:us-east-1:111122223333:stack/s/*", pass("cloudformation.amazonaws.com")}},
		{"a change set by an ARN beside a stack's name", callOf(cloudformation.Schema(), "ExecuteChangeSet", &cloudformation.ExecuteChangeSetInput{
			StackName: new("s"), ChangeSetName: "arn:aws:cloudformation:us-east-1:444455556666:changeSet/c/1"}),
			[]string{"cloudformation:ExecuteChangeSet arn:aws:cloudformation:us-east-1:111122223333:stack/s/*", "cloudformation:ExecuteChangeSet arn:aws:cloudformation:us-east-1:444455556666:changeSet/c/1"}},
	}
	authorizer := newAuthorizer(t)
	who := caller.Caller{
		Account: testAccount, Region: "us-east-1", Host: "ws1.execute-api.us-east-1.localhost:4566", BasePath: "/prod",
		Identity: &caller.Identity{Principal: &iam.Principal{Type: iam.User, Account: testAccount, ARN: "arn:aws:iam::111122223333:user/team/alice"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			needed, err := authorizer.needs(t.Context(), &c.call, who)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, one := range needed {
				line := one.action + " " + one.resource
				for _, key := range one.keys {
					line += " " + key.Key + "=" + key.Value + strings.Join(key.Values, ",")
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func userWith(t *testing.T, document string) context.Context {
	t.Helper()
	policy, err := iam.Compile([]byte(document), iam.IdentityPolicy, "policy of the test")
	if err != nil {
		t.Fatal(err)
	}
	return caller.WithCaller(context.Background(), caller.Caller{
		Account: testAccount, Region: "us-east-1", SourceIp: "192.0.2.1", Identity: &caller.Identity{
			Principal: &iam.Principal{Type: iam.User, Account: testAccount, ARN: "arn:aws:iam::111122223333:user/u", UserName: "u"},
			Policies:  iam.PrincipalPolicies{Identity: []*iam.Policy{policy}},
		},
	})
}

func allowOf(action, resource, rest string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `"` + rest + `}]}`
}

// Source: Service Authorization Reference; the texts and codes of refusals are seen in public reports.
func TestAuthorize(t *testing.T) {
	everything := allowOf("*", "*", "")
	getApi := withPath(callOf(apigateway.Schema(), "GetRestApi", &apigateway.GetRestApiInput{RestApiId: "abc"}), "/restapis/abc")
	invoke := func(name string) wire.Call {
		return callOf(lambda.Schema(), "Invoke", &lambda.InvokeInput{FunctionName: name})
	}
	cases := []struct {
		name, policy string
		call         wire.Call
		code, text   string
		status       int
	}{
		{"allowed", allowOf("apigateway:GET", "arn:aws:apigateway:us-east-1::/restapis/*", ""), getApi, "", "", 0},
		{"by tag", allowOf("apigateway:GET", "*", `,"Condition":{"StringEquals":{"aws:ResourceTag/owner":"x"}}`), getApi, "", "", 0},
		{"by address", allowOf("apigateway:GET", "*", `,"Condition":{"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}}`), getApi, "AccessDeniedException", "", 403},
		{"another method", allowOf("apigateway:POST", "*", ""), getApi, "AccessDeniedException",
			"User: arn:aws:iam::111122223333:user/u is not authorized to perform: apigateway:GET on resource: arn:aws:apigateway:us-east-1::/restapis/abc because no identity-based policy allows the apigateway:GET action", 403},
		{"query protocol", allowOf("s3:*", "*", ""), callOf(elbv2.Schema(), "DescribeLoadBalancers", &elbv2.DescribeLoadBalancersInput{}), "AccessDenied",
			"User: arn:aws:iam::111122223333:user/u is not authorized to perform: elasticloadbalancing:DescribeLoadBalancers because no identity-based policy allows the elasticloadbalancing:DescribeLoadBalancers action", 403},
		{"JSON protocol", allowOf("s3:*", "*", ""), callOf(logs.Schema(), "CreateLogGroup", &logs.CreateLogGroupInput{LogGroupName: "g"}), "AccessDeniedException", "", 400},
		{"a role that may not be passed", allowOf("lambda:*", "*", ""), callOf(lambda.Schema(), "CreateFunction", &lambda.CreateFunctionInput{FunctionName: "f", Role: "arn:aws:iam::111122223333:role/runner"}),
			"AccessDeniedException", "User: arn:aws:iam::111122223333:user/u is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/runner because no identity-based policy allows the iam:PassRole action", 403},
		{"a role of another account", everything, callOf(lambda.Schema(), "CreateFunction", &lambda.CreateFunctionInput{FunctionName: "f", Role: "arn:aws:iam::444455556666:role/runner"}), "AccessDeniedException", "", 403},
		{"another account's function", everything, invoke("arn:aws:lambda:us-east-1:444455556666:function:own"), "AccessDeniedException", "", 403},
		{"another account's function by a partial ARN", everything, callOf(lambda.Schema(), "DeleteFunction", &lambda.DeleteFunctionInput{FunctionName: "444455556666:function:own"}), "AccessDeniedException", "", 403},
		{"a function that lets the account in", everything, invoke("arn:aws:lambda:us-east-1:444455556666:function:shared"), "", "", 0},
		{"another account's load balancer", everything, callOf(elbv2.Schema(), "DeleteLoadBalancer", &elbv2.DeleteLoadBalancerInput{LoadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:444455556666:loadbalancer/app/x/1"}), "AccessDenied", "", 403},
	}
	authorizer := newAuthorizer(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := authorizer.Authorize(userWith(t, c.policy), c.call)
			if c.code == "" {
				if err != nil {
					t.Errorf("got %v", err)
				}
				return
			}
			var refusal awsapi.Error
			if !errors.As(err, &refusal) || refusal.ErrorCode() != c.code || refusal.HTTPStatus() != c.status || c.text != "" && refusal.ErrorMessage() != c.text {
				t.Errorf("got %v", err)
			}
		})
	}
}

// Developer mode lets everything through but what belongs to the data plane.
func TestDeveloperModeAuthorizesConnections(t *testing.T) {
	authorizer := newAuthorizer(t)
	authorizer.DeveloperMode = true
	nothing := userWith(t, allowOf("s3:*", "*", ""))
	if err := authorizer.Authorize(nothing, callOf(iamapi.Schema(), "ListUsers", &iamapi.ListUsersInput{})); err != nil {
		t.Errorf("IAM: %v", err)
	}
	post := callOf(managementapi.Schema(), "PostToConnection", &managementapi.PostToConnectionInput{ConnectionId: "c"})
	if err := authorizer.Authorize(nothing, post); err == nil {
		t.Error("a connection was let through")
	}
	if err := authorizer.Authorize(userWith(t, allowOf("execute-api:ManageConnections", "*", "")), post); err != nil {
		t.Errorf("a connection: %v", err)
	}
}

// Every operation that is served needs something, but for those that AWS lets everybody do.
func TestEveryOperationNeedsSomething(t *testing.T) {
	free := map[string]bool{"AssumeRole": true, "AssumeRoleWithWebIdentity": true, "GetCallerIdentity": true, "GetSessionToken": true}
	authorizer := newAuthorizer(t)
	who := caller.Caller{Account: testAccount, Region: "us-east-1"}
	for _, service := range []*schema.Service{
		apigateway.Schema(), apigatewayv2.Schema(), managementapi.Schema(), lambda.Schema(), logs.Schema(), iamapi.Schema(), stsapi.Schema(), elbv2.Schema(), cloudformation.Schema(),
	} {
		for i := range service.Operations {
			operation := &service.Operations[i]
			needed, err := authorizer.needs(t.Context(), &wire.Call{Service: service, Operation: operation, Method: operation.Method, Path: operation.Path, Input: nil}, who)
			if err != nil {
				t.Errorf("%s %s: %v", service.Name, operation.Name, err)
			}
			if (len(needed) == 0) != (service.Name == "sts" && free[operation.Name]) {
				t.Errorf("%s %s needs %v", service.Name, operation.Name, needed)
			}
		}
	}
}

// Source: ours. Who applies the command of a fix is allowed the operation.
func TestRefusalsAreExplained(t *testing.T) {
	const userPolicy = "aws iam put-user-policy --user-name u --policy-name allow-apigateway-GET-"
	getApi := withPath(callOf(apigateway.Schema(), "GetRestApi", &apigateway.GetRestApiInput{RestApiId: "it's"}), "/restapis/it's")
	authorizer := newAuthorizer(t)
	for _, test := range []struct{ name, policy, found, nearest, fix, command string }{
		{"nothing allows", allowOf("apigateway:POST", "*", ""), "implicit deny: none of 1 statements of the caller's policies allows it",
			`policy of the test, statement 1: action [apigateway:POST], and the request has apigateway:GET`, "Give arn:aws:iam::111122223333:user/u a policy", userPolicy},
		{"a condition fails", allowOf("apigateway:GET", "*", `,"Condition":{"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}}`), "implicit deny",
			"condition aws:SourceIp IpAddress [198.51.100.0/24], and the request has 192.0.2.1", "Give", userPolicy},
		{"a statement denies", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"Never","Effect":"Deny","Action":"apigateway:*","Resource":"*"}]}`,
			`explicit deny by identity-based policy policy of the test, statement 2 "Never"`, "", "no Allow outweighs a Deny", "aws iam list-user-policies --user-name u"},
	} {
		err := authorizer.Authorize(userWith(t, test.policy), getApi)
		var f *fault.Fault
		if !errors.As(err, &f) {
			t.Fatalf("%s: got %v", test.name, err)
		}
		if f.Id() != fault.OperationDenied || f.Checked != "apigateway:GET on arn:aws:apigateway:us-east-1::/restapis/it's for arn:aws:iam::111122223333:user/u" ||
			!strings.Contains(f.Found, test.found) || !strings.Contains(f.Nearest, test.nearest) || !strings.Contains(f.Fix, test.fix) || !strings.HasPrefix(f.Command, test.command) {
			t.Errorf("%s: %v\n%s", test.name, f, f.Command)
		}
		if test.command == userPolicy && !strings.HasSuffix(f.Command, `restapis/it'"'"'s"}],"Version":"2012-10-17"}'`) {
			t.Errorf("%s: not quoted for a shell: %s", test.name, f.Command)
		}
	}
}
