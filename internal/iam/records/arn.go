package records

import "strings"

// ARNs of identities have no region: arn:aws:iam::ACCOUNT:KIND/PATH/NAME.

// Arn is the ARN of something of IAM in an account: kind is "user", "group", "role" or
// "policy"; path begins and ends in a slash.
func Arn(account, kind, path, name string) string {
	return "arn:aws:iam::" + account + ":" + kind + path + name
}

// RootArn is the ARN of the root user of an account.
func RootArn(account string) string { return "arn:aws:iam::" + account + ":root" }

// AssumedRoleArn is the ARN of a session of a role; the role's path is not in it.
func AssumedRoleArn(account, roleName, sessionName string) string {
	return "arn:aws:sts::" + account + ":assumed-role/" + roleName + "/" + sessionName
}

// ProviderArn is the ARN of an OpenID Connect provider, whose URL is given without its scheme.
func ProviderArn(account, provider string) string {
	return "arn:aws:iam::" + account + ":oidc-provider/" + provider
}

// ParsedArn is an ARN of IAM, taken apart.
type ParsedArn struct {
	Account    string
	Kind       string // "user", "role", "policy" …
	Path, Name string
}

const arnParts = 6

// ParseArn takes an ARN of IAM apart; false when it is none.
func ParseArn(arn string) (ParsedArn, bool) {
	parts := strings.SplitN(arn, ":", arnParts)
	if len(parts) != arnParts || parts[0] != "arn" || parts[2] != "iam" || parts[3] != "" {
		return ParsedArn{}, false
	}
	slash, last := strings.IndexByte(parts[5], '/'), strings.LastIndexByte(parts[5], '/')
	if slash < 0 || last == len(parts[5])-1 {
		return ParsedArn{}, false
	}
	return ParsedArn{Account: parts[4], Kind: parts[5][:slash], Path: parts[5][slash : last+1], Name: parts[5][last+1:]}, true
}
