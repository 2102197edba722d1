// Package managed holds AWS managed policies: those that API Gateway's users attach,
// each with a document of our own writing that allows what the policy is for, as far as
// the actions exist here.
//
// It is not the whole catalogue of AWS: an ARN that is not in it is not found, by name.
// It keeps no state. Begin at the table.
package managed

import (
	"crypto/sha256"
	"encoding/base32"
	"sort"
	"strings"
)

// Policy is an AWS managed policy.
type Policy struct {
	Name, Path, Description, Document string
}

// Arn is the ARN that every account attaches the policy by.
func (p Policy) Arn() string { return arnHead + p.Path + p.Name }

// Id is the policy's unique id; AWS has its own, so this one is made of the name.
func (p Policy) Id() string {
	sum := sha256.Sum256([]byte(p.Path + p.Name))
	return "ANPA" + base32.StdEncoding.EncodeToString(sum[:])[:idRandom]
}

const (
	arnHead  = "arn:aws:iam::aws:policy"
	idRandom = 17
)

// Find returns the policy of an ARN.
func Find(arn string) (Policy, bool) {
	rest, ok := strings.CutPrefix(arn, arnHead)
	if !ok {
		return Policy{}, false
	}
	for _, policy := range table {
		if policy.Path+policy.Name == rest {
			return policy, true
		}
	}
	return Policy{}, false
}

// All are the policies in the order of their ARNs.
func All() []Policy {
	all := append([]Policy(nil), table...)
	sort.Slice(all, func(i, j int) bool { return all[i].Arn() < all[j].Arn() })
	return all
}

// allow is a document with one statement that allows actions on every resource.
func allow(actions ...string) string { return allowOn("*", actions...) }

func allowOn(resource string, actions ...string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["` + strings.Join(actions, `","`) + `"],"Resource":"` + resource + `"}]}`
}

const servicePath = "/service-role/"

// table is the catalogue. An action that AWS's document has and that is of a service
// which is not served here is left out where a whole service is named.
var table = []Policy{
	{"AdministratorAccess", "/", "Everything.", allow("*")},
	{"PowerUserAccess", "/", "Everything but identities.",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},` +
			`{"Effect":"Allow","Action":["iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole","iam:ListRoles","organizations:DescribeOrganization","account:ListRegions"],"Resource":"*"}]}`},
	{"ReadOnlyAccess", "/", "Reading, of every service that is served here.", allow(
		"apigateway:GET", "cloudformation:Describe*", "cloudformation:Get*", "cloudformation:List*", "cloudformation:ValidateTemplate",
		"elasticloadbalancing:Describe*", "iam:Get*", "iam:List*", "lambda:Get*", "lambda:List*",
		"logs:Describe*", "logs:Get*", "logs:FilterLogEvents", "logs:List*", "sts:GetCallerIdentity")},
	{"IAMFullAccess", "/", "Identities.", allow("iam:*")},
	{"IAMReadOnlyAccess", "/", "Reading identities.", allow("iam:Get*", "iam:List*", "iam:Simulate*", "iam:GenerateCredentialReport")},
	{"IAMUserChangePassword", "/", "A user's own password.", allow("iam:ChangePassword", "iam:GetAccountPasswordPolicy")},
	{"AmazonAPIGatewayAdministrator", "/", "Managing APIs.", allowOn("arn:aws:apigateway:*::/*", "apigateway:*")},
	{"AmazonAPIGatewayInvokeFullAccess", "/", "Calling APIs.", allowOn("arn:aws:execute-api:*:*:*", "execute-api:Invoke", "execute-api:ManageConnections")},
	{"AmazonAPIGatewayPushToCloudWatchLogs", servicePath, "What the role of API Gateway's logs needs.", allow(
		"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams",
		"logs:PutLogEvents", "logs:GetLogEvents", "logs:FilterLogEvents")},
	{"AWSLambda_FullAccess", "/", "Managing functions, and passing roles to them.",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["cloudformation:DescribeStacks","cloudformation:ListStackResources","iam:GetPolicy",` +
			`"iam:GetPolicyVersion","iam:GetRole","iam:GetRolePolicy","iam:ListAttachedRolePolicies","iam:ListRolePolicies","iam:ListRoles","lambda:*","logs:DescribeLogGroups"],"Resource":"*"},` +
			`{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}},` +
			`{"Effect":"Allow","Action":["logs:DescribeLogStreams","logs:GetLogEvents","logs:FilterLogEvents"],"Resource":"arn:aws:logs:*:*:log-group:/aws/lambda/*"}]}`},
	{"AWSLambda_ReadOnlyAccess", "/", "Reading functions.", allow(
		"lambda:Get*", "lambda:List*", "iam:ListRoles", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:FilterLogEvents")},
	{"AWSLambdaBasicExecutionRole", servicePath, "What a function needs to write its log.", allow("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")},
	{"AWSLambdaVPCAccessExecutionRole", servicePath, "Logs, and the network interfaces of a VPC.", allow(
		"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces",
		"ec2:DescribeSubnets", "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses")},
	{"AWSLambdaRole", servicePath, "Invoking functions.", allow("lambda:InvokeFunction")},
	{"CloudWatchLogsFullAccess", "/", "Logs.", allow("logs:*")},
	{"CloudWatchLogsReadOnlyAccess", "/", "Reading logs.", allow("logs:Describe*", "logs:Get*", "logs:List*", "logs:FilterLogEvents")},
	{"ElasticLoadBalancingFullAccess", "/", "Load balancers.", allow("elasticloadbalancing:*")},
	{"ElasticLoadBalancingReadOnly", "/", "Reading load balancers.", allow("elasticloadbalancing:Describe*", "elasticloadbalancing:Get*")},
	{"AWSCloudFormationFullAccess", "/", "Stacks.", allow("cloudformation:*")},
	{"AWSCloudFormationReadOnlyAccess", "/", "Reading stacks.", allow("cloudformation:Describe*", "cloudformation:Get*", "cloudformation:List*", "cloudformation:ValidateTemplate")},
}
