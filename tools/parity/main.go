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
	"reflect"
	"runtime"
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
)

// refusal is a setting that is refused by name.
type refusal struct{ setting, why string }

// service is one AWS service as the binary serves it.
type service struct {
	title          string
	schema         *schema.Service
	implementation any
	refusals       []refusal
}

func services() []service {
	return []service{
		{"API Gateway: REST APIs", apigateway.Schema(), &restapis.Service{}, restRefusals()},
		{"API Gateway: HTTP and WebSocket APIs", apigatewayv2.Schema(), &apis.Service{}, apiRefusals()},
		{"API Gateway: @connections", apigatewaymanagementapi.Schema(), &connections.Service{}, nil},
		{"Lambda", lambda.Schema(), &functions.Service{}, functionRefusals()},
		{"CloudWatch Logs", logs.Schema(), &controllogs.Service{}, nil},
		{"IAM", iam.Schema(), &identity.Service{}, nil},
		{"STS", sts.Schema(), &identity.TokenService{}, nil},
		{"Elastic Load Balancing v2", elbv2.Schema(), &loadbalancers.Service{}, balancerRefusals()},
		{"CloudFormation", cloudformation.Schema(), cloudformation.Unimplemented{}, nil},
	}
}

func restRefusals() []refusal {
	var list []refusal
	for _, row := range restapis.Unsupported() {
		list = append(list, refusal{row.Noun + " " + row.Setting, row.Reason})
	}
	return list
}

func apiRefusals() []refusal {
	var list []refusal
	for _, row := range apis.Unsupported() {
		list = append(list, refusal{row.Noun + " " + row.Setting, row.Reason})
	}
	return list
}

func balancerRefusals() []refusal {
	var list []refusal
	for _, row := range loadbalancers.Unsupported() {
		list = append(list, refusal{row.Noun + " " + row.Setting, row.Reason})
	}
	return list
}

func functionRefusals() []refusal {
	var list []refusal
	for _, row := range functions.UnsupportedSettings() {
		list = append(list, refusal{row.Setting, row.Why})
	}
	return list
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
		return os.WriteFile(path, page, 0o644) //nolint:gosec // a document for everybody
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
		built, missing := s.operations()
		fmt.Fprintf(&page, "| %s | %d | %d |\n", s.title, len(built), len(built)+len(missing))
	}
	for _, s := range all {
		s.write(&page)
	}
	return page.Bytes()
}

func (s service) write(page *bytes.Buffer) {
	built, missing := s.operations()
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
			fmt.Fprintf(page, "| %s | %s |\n", r.setting, strings.ReplaceAll(r.why, "|", "\\|"))
		}
	}
}

// operations tells the built ones from those that the implementation only inherits
// from the generated Unimplemented: the compiler writes their wrappers itself.
func (s service) operations() (built, missing []string) {
	implementation := reflect.TypeOf(s.implementation)
	for _, operation := range s.schema.Operations {
		method, ok := implementation.MethodByName(operation.Name)
		if ok && declared(method) {
			built = append(built, operation.Name)
		} else {
			missing = append(missing, operation.Name)
		}
	}
	slices.Sort(built)
	slices.Sort(missing)
	return built, missing
}

func declared(method reflect.Method) bool {
	entry := method.Func.Pointer()
	file, _ := runtime.FuncForPC(entry).FileLine(entry)
	return file != "<autogenerated>" && !strings.Contains(file, "/awsapi/")
}
