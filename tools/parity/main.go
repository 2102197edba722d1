// Command parity writes docs/parity.md from the code: which AWS operations are built,
// which answer 501, and which settings are refused by name. It is no place for
// opinions; what it says is what the binary does.
//
// Begin at services, the one list to extend.
package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/awsapi/apigatewaymanagementapi"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/awsapi/cloudformation"
	"gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/awsapi/iam"
	"gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/awsapi/logs"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/awsapi/sts"
	"gatehouse/internal/control/apis"
	"gatehouse/internal/control/connections"
	"gatehouse/internal/control/functions"
	"gatehouse/internal/control/identity"
	"gatehouse/internal/control/loadbalancers"
	controllogs "gatehouse/internal/control/logs"
	"gatehouse/internal/control/restapis"
	"gatehouse/internal/control/unsupported"
)

// service is one AWS service as the binary serves it.
type service struct {
	title          string
	schema         *schema.Service
	implementation any
	refusals       []unsupported.Setting
}

func services() []service {
	return []service{
		{"API Gateway: REST APIs", apigateway.Schema(), &restapis.Service{}, restapis.Unsupported()},
		{"API Gateway: HTTP and WebSocket APIs", apigatewayv2.Schema(), &apis.Service{}, apis.Unsupported()},
		{"API Gateway: @connections", apigatewaymanagementapi.Schema(), &connections.Service{}, nil},
		{"Lambda", lambda.Schema(), &functions.Service{}, functions.Unsupported()},
		{"CloudWatch Logs", logs.Schema(), &controllogs.Service{}, controllogs.Unsupported()},
		{"IAM", iam.Schema(), &identity.Service{}, nil},
		{"STS", sts.Schema(), &identity.TokenService{}, nil},
		{"Elastic Load Balancing v2", elbv2.Schema(), &loadbalancers.Service{}, loadbalancers.Unsupported()},
		{"CloudFormation", cloudformation.Schema(), cloudformation.Unimplemented{}, nil},
	}
}

const path = "docs/parity.md"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "parity:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	page := Page()
	if !slices.Contains(arguments, "check") {
		return os.WriteFile(path, page, 0o644) // a document for everybody
	}
	committed, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the page: %w", err)
	}
	if !bytes.Equal(committed, page) {
		return fmt.Errorf("%s does not say what the code does; run `make generate`", path)
	}
	return nil
}

// Page is the parity page in Markdown.
func Page() []byte {
	var page bytes.Buffer
	page.WriteString("# Parity\n\nGenerated from the code by `go run ./tools/parity`; do not edit. An operation that is not built answers 501 and names itself. A setting\nthat would have no effect is refused by name.\n\n| service | operations built | of |\n|---|--:|--:|\n")
	all := services()
	for _, s := range all {
		built, missing := s.schema.Built(s.implementation)
		fmt.Fprintf(&page, "| %s | %d | %d |\n", s.title, len(built), len(built)+len(missing))
	}
	for _, s := range all {
		s.write(&page)
	}
	return page.Bytes()
}

func (s service) write(page *bytes.Buffer) {
	built, missing := s.schema.Built(s.implementation)
	fmt.Fprintf(page, "\n## %s\n", s.title)
	if len(built) > 0 {
		fmt.Fprintf(page, "\nBuilt: %s.\n", strings.Join(built, ", "))
	}
	if len(missing) > 0 {
		fmt.Fprintf(page, "\n501: %s.\n", strings.Join(missing, ", "))
	}
	if len(s.refusals) > 0 {
		page.WriteString("\n| refused setting | why |\n|---|---|\n")
		for _, r := range s.refusals {
			fmt.Fprintf(page, "| %s | %s |\n", r, strings.ReplaceAll(r.Reason, "|", "\\|"))
		}
	}
}
