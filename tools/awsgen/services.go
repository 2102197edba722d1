package main

import "strings"

// service says which model is read and which of its operations get Go types. Every other
// operation is in the table by name and route, so that it can be refused by name.
type service struct {
	name string // the directory in botocore and the name of the Go package
	date string // the API version to read
	// operations lists the typed operations; empty means all.
	operations []string
}

func services() []service {
	return []service{
		{name: "apigateway", date: "2015-07-09"},
		{name: "apigatewayv2", date: "2018-11-29"},
		{name: "apigatewaymanagementapi", date: "2018-11-29"},
		{name: "lambda", date: "2015-03-31", operations: strings.Fields(lambdaOperations)},
		{name: "logs", date: "2014-03-28", operations: strings.Fields(logsOperations)},
		{name: "iam", date: "2010-05-08", operations: strings.Fields(iamOperations)},
		{name: "sts", date: "2011-06-15", operations: strings.Fields(stsOperations)},
		{name: "elbv2", date: "2015-12-01", operations: strings.Fields(elbv2Operations)},
		{name: "cloudformation", date: "2010-05-15", operations: strings.Fields(cloudformationOperations)},
	}
}

// emptyIsNull are the members, of a structure each, whose empty texts AWS answers as null
// (seen on AWS by Terraform's provider).
var emptyIsNull = map[string][]string{
	"apigateway": {"Integration.requestTemplates", "IntegrationResponse.responseTemplates"},
}

const lambdaOperations = `
CreateFunction GetFunction GetFunctionConfiguration UpdateFunctionCode UpdateFunctionConfiguration
DeleteFunction ListFunctions Invoke PublishVersion ListVersionsByFunction
CreateAlias GetAlias UpdateAlias DeleteAlias ListAliases
AddPermission RemovePermission GetPolicy
PutFunctionConcurrency GetFunctionConcurrency DeleteFunctionConcurrency
CreateFunctionUrlConfig GetFunctionUrlConfig UpdateFunctionUrlConfig DeleteFunctionUrlConfig ListFunctionUrlConfigs
TagResource UntagResource ListTags GetAccountSettings GetFunctionCodeSigningConfig`

const logsOperations = `
CreateLogGroup DeleteLogGroup DescribeLogGroups CreateLogStream DeleteLogStream DescribeLogStreams
PutLogEvents GetLogEvents FilterLogEvents PutRetentionPolicy DeleteRetentionPolicy
TagResource UntagResource ListTagsForResource TagLogGroup UntagLogGroup ListTagsLogGroup`

const iamOperations = `
CreateUser GetUser UpdateUser DeleteUser ListUsers
CreateAccessKey UpdateAccessKey DeleteAccessKey ListAccessKeys GetAccessKeyLastUsed
CreateGroup GetGroup UpdateGroup DeleteGroup ListGroups AddUserToGroup RemoveUserFromGroup ListGroupsForUser
CreateRole GetRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy DeleteRole ListRoles
PutUserPolicy GetUserPolicy DeleteUserPolicy ListUserPolicies
PutGroupPolicy GetGroupPolicy DeleteGroupPolicy ListGroupPolicies
PutRolePolicy GetRolePolicy DeleteRolePolicy ListRolePolicies
CreatePolicy GetPolicy DeletePolicy ListPolicies
CreatePolicyVersion GetPolicyVersion DeletePolicyVersion ListPolicyVersions SetDefaultPolicyVersion
AttachUserPolicy DetachUserPolicy ListAttachedUserPolicies
AttachGroupPolicy DetachGroupPolicy ListAttachedGroupPolicies
AttachRolePolicy DetachRolePolicy ListAttachedRolePolicies ListEntitiesForPolicy
PutUserPermissionsBoundary DeleteUserPermissionsBoundary
PutRolePermissionsBoundary DeleteRolePermissionsBoundary
TagUser UntagUser ListUserTags TagRole UntagRole ListRoleTags TagPolicy UntagPolicy ListPolicyTags
ListInstanceProfilesForRole GetAccountSummary ListAccountAliases
CreateOpenIDConnectProvider GetOpenIDConnectProvider ListOpenIDConnectProviders DeleteOpenIDConnectProvider`

const stsOperations = `GetCallerIdentity AssumeRole AssumeRoleWithWebIdentity GetSessionToken`

const elbv2Operations = `
CreateLoadBalancer DescribeLoadBalancers DeleteLoadBalancer
DescribeLoadBalancerAttributes ModifyLoadBalancerAttributes
CreateTargetGroup DescribeTargetGroups ModifyTargetGroup DeleteTargetGroup
DescribeTargetGroupAttributes ModifyTargetGroupAttributes
CreateListener DescribeListeners ModifyListener DeleteListener
DescribeListenerAttributes ModifyListenerAttributes
CreateRule DescribeRules ModifyRule DeleteRule SetRulePriorities
RegisterTargets DeregisterTargets DescribeTargetHealth
AddTags RemoveTags DescribeTags SetSecurityGroups SetSubnets SetIpAddressType
AddListenerCertificates RemoveListenerCertificates DescribeListenerCertificates DescribeSSLPolicies
DescribeAccountLimits DescribeCapacityReservation`

const cloudformationOperations = `
CreateStack UpdateStack DeleteStack DescribeStacks DescribeStackEvents
DescribeStackResource DescribeStackResources ListStacks ListStackResources
GetTemplate GetTemplateSummary ValidateTemplate
CreateChangeSet DescribeChangeSet ExecuteChangeSet DeleteChangeSet ListChangeSets
ListExports ListImports`
