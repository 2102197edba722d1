package services

import "strings"

// Uri is the URI of an AWS integration, read (model: PutIntegration, uri):
//
//	arn:aws:apigateway:{region}:{[subdomain.]service}:path/{path}
//	arn:aws:apigateway:{region}:{[subdomain.]service}:action/{action}[&{name}={value}…]
type Uri struct {
	Region string
	// Name is what the URI calls the service, its subdomain included.
	Name string
	// Path begins with a slash, and may have a query; empty for an action.
	Path string
	// Action is the operation's name; empty for a path. Parameters are what follows it,
	// such as Version=2010-03-31, in the form of a query.
	Action, Parameters string
}

// Parts of the URI of an AWS integration.
const (
	uriParts       = 6
	uriPartService = 2
	uriPartRegion  = 3
	uriPartName    = 4
	apiGateway     = "apigateway"
)

// ParseUri reads the URI of an AWS integration whose placeholders are filled; false for
// another.
func ParseUri(text string) (Uri, bool) {
	parts := strings.SplitN(text, ":", uriParts)
	if len(parts) < uriParts || parts[0] != "arn" || parts[uriPartService] != apiGateway || parts[uriPartName] == "" {
		return Uri{}, false
	}
	uri := Uri{Region: parts[uriPartRegion], Name: parts[uriPartName]}
	rest := parts[uriParts-1]
	if path, ok := strings.CutPrefix(rest, "path/"); ok {
		// Both "path/x" and "path//x" are written, and mean the same path.
		uri.Path = "/" + strings.TrimLeft(path, "/")
		return uri, true
	}
	action, ok := strings.CutPrefix(rest, "action/")
	if !ok {
		return Uri{}, false
	}
	uri.Action, uri.Parameters, _ = strings.Cut(action, "&")
	return uri, uri.Action != ""
}

// Service splits Name into the service and its subdomain: "bucket.s3" is service s3 at
// subdomain bucket, unless the whole name is that of a service, as runtime.sagemaker.
func (u *Uri) Service() (service, subdomain string) {
	if isKnown(u.Name) {
		return u.Name, ""
	}
	if at := strings.LastIndexByte(u.Name, '.'); at >= 0 {
		return u.Name[at+1:], u.Name[:at]
	}
	return u.Name, ""
}

// NeedsPath says that the service's operations have paths of their own, and an action's
// name does not say where to send a request.
func (u *Uri) NeedsPath() bool {
	service, _ := u.Service()
	return u.Action != "" && restServices[service]
}
