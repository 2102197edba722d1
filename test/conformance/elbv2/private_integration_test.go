// Known from: guide set-up-private-integration.md and getting-started-with-private-integration.md;
// the texts of refusals were reported by users of Terraform's provider.

package elbv2

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// private is an API whose GET / goes through a VPC link to a network load balancer.
type private struct {
	*fixture
	balancer types.LoadBalancer
	group    types.TargetGroup
	link     *apigateway.CreateVpcLinkOutput
	apiId    *string
	rootId   *string
}

func newPrivate(t *testing.T) *private {
	t.Helper()
	p := &private{fixture: newFixture(t)}
	p.balancer, p.group = p.loadBalancer("orders", types.LoadBalancerTypeEnumNetwork), p.targetGroup("orders", types.ProtocolEnumTcp)
	p.listener(p.balancer.LoadBalancerArn, types.ProtocolEnumTcp, 8080, p.group.TargetGroupArn)
	link, err := p.apis.CreateVpcLink(p.ctx, &apigateway.CreateVpcLinkInput{Name: aws.String("orders"), TargetArns: []string{*p.balancer.LoadBalancerArn}})
	p.link = must(t, link, err)
	is(t, "status of a new link", p.link.Status, rest.VpcLinkStatusPending)
	found, err := p.apis.GetVpcLink(p.ctx, &apigateway.GetVpcLinkInput{VpcLinkId: p.link.Id})
	is(t, "status of the link", must(t, found, err).Status, rest.VpcLinkStatusAvailable)
	is(t, "its message", aws.ToString(found.StatusMessage), "Your vpc link is ready for use")
	api, err := p.apis.CreateRestApi(p.ctx, &apigateway.CreateRestApiInput{Name: aws.String("orders")})
	p.apiId, p.rootId = must(t, api, err).Id, api.RootResourceId
	method, err := p.apis.PutMethod(p.ctx, &apigateway.PutMethodInput{RestApiId: p.apiId, ResourceId: p.rootId, HttpMethod: aws.String("GET"), AuthorizationType: aws.String("NONE")})
	must(t, method, err)
	p.integrate("${stageVariables.link}", "http://"+*p.balancer.DNSName+":8080/orders")
	p.deploy(map[string]string{"link": *p.link.Id})
	return p
}

func (p *private) integrate(connectionId, uri string) {
	p.Helper()
	output, err := p.apis.PutIntegration(p.ctx, &apigateway.PutIntegrationInput{
		RestApiId: p.apiId, ResourceId: p.rootId, HttpMethod: aws.String("GET"), Type: rest.IntegrationTypeHttpProxy, IntegrationHttpMethod: aws.String("GET"),
		Uri: &uri, ConnectionType: rest.ConnectionTypeVpcLink, ConnectionId: &connectionId,
	})
	must(p.T, output, err)
}

func (p *private) deploy(variables map[string]string) {
	p.Helper()
	output, err := p.apis.CreateDeployment(p.ctx, &apigateway.CreateDeploymentInput{RestApiId: p.apiId, StageName: aws.String("prod"), Variables: variables})
	must(p.T, output, err)
}

func (p *private) get() (statusCode int, body string) {
	p.Helper()
	request, err := http.NewRequestWithContext(p.ctx, http.MethodGet, p.url+"/restapis/"+*p.apiId+"/prod/_user_request_/", http.NoBody)
	if err != nil {
		p.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		p.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		p.Fatal(err)
	}
	return answer.StatusCode, strings.TrimSpace(string(text))
}

// Requests take healthy targets in turn, leave one that went away, and meet 500 without any.
func TestPrivateIntegration(t *testing.T) {
	p := newPrivate(t)
	if statusCode, body := p.get(); statusCode != http.StatusInternalServerError || body != `{"message": "Internal server error"}` {
		t.Errorf("without a target: %d %s", statusCode, body)
	}
	named := func(name string) (*httptest.Server, types.TargetDescription) {
		return p.backend(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, name+" "+r.Host+r.URL.Path) })
	}
	first, a := named("a")
	_, b := named("b")
	p.register(p.group.TargetGroupArn, a, b)
	p.awaitHealth(p.group.TargetGroupArn, types.TargetHealthStateEnumHealthy)
	seen := map[string]int{}
	for range 6 {
		statusCode, body := p.get()
		is(t, "status", statusCode, http.StatusOK)
		seen[body]++
	}
	suffix := " " + *p.balancer.DNSName + ":8080/orders"
	if seen["a"+suffix] != 3 || seen["b"+suffix] != 3 {
		t.Errorf("6 requests met %v", seen)
	}
	first.Close()
	for range 4 {
		if statusCode, body := p.get(); statusCode != http.StatusOK || body != "b"+suffix {
			t.Errorf("with one target gone: %d %s", statusCode, body)
		}
	}
}

// A link in use stays until its integrations are switched and the stage is deployed again.
func TestDeleteVpcLink_inUse(t *testing.T) {
	p := newPrivate(t)
	p.integrate(*p.link.Id, "http://example.invalid:8080/")
	del := func() error {
		_, err := p.apis.DeleteVpcLink(p.ctx, &apigateway.DeleteVpcLinkInput{VpcLinkId: p.link.Id})
		return err
	}
	in := "Cannot delete vpc link. Vpc link '" + *p.link.Id + "', is referenced in [GET:" + *p.rootId
	refused(t, del(), "BadRequestException", in+"] in format of [Method:Resource].")
	updated, err := p.apis.UpdateIntegration(p.ctx, &apigateway.UpdateIntegrationInput{
		RestApiId: p.apiId, ResourceId: p.rootId, HttpMethod: aws.String("GET"),
		PatchOperations: []rest.PatchOperation{{Op: rest.OpReplace, Path: aws.String("/connectionType"), Value: aws.String("INTERNET")}},
	})
	must(t, updated, err)
	refused(t, del(), "BadRequestException", in+":prod] in format of [Method:Resource:Stage].")
	p.deploy(nil)
	if err := del(); err != nil {
		t.Fatal(err)
	}
	_, err = p.apis.GetVpcLink(p.ctx, &apigateway.GetVpcLinkInput{VpcLinkId: p.link.Id})
	refused(t, err, "NotFoundException", "Invalid VpcLink identifier specified")
}

// The steps of AWS's article on deleting a VPC link, with the aws CLI.
func TestDeleteVpcLink_article(t *testing.T) {
	p := newPrivate(t)
	p.integrate(*p.link.Id, "http://example.invalid:8080/")
	p.deploy(nil)
	api, resource := []string{"--rest-api-id", *p.apiId}, []string{"--resource-id", *p.rootId, "--http-method", "GET"}
	remove := []string{"delete-vpc-link", "--vpc-link-id", *p.link.Id}
	if text := p.cli(false, remove...); !strings.Contains(text, "An error occurred (BadRequestException) when calling the DeleteVpcLink operation: Cannot delete vpc link. Vpc link '"+*p.link.Id+"', is referenced in [GET:"+*p.rootId+"] in format of [Method:Resource].") {
		t.Errorf("deleting a link in use says: %s", text)
	}
	if text := p.cli(true, join([]string{"get-integration", "--query", "connectionId", "--output", "text"}, api, resource)...); text != *p.link.Id {
		t.Errorf("the integration's link is %s", text)
	}
	p.cli(true, join([]string{"update-integration", "--patch-operations", "op=replace,path=/connectionType,value=INTERNET"}, api, resource)...)
	if text := p.cli(false, remove...); !strings.Contains(text, "[GET:"+*p.rootId+":prod] in format of [Method:Resource:Stage].") {
		t.Errorf("deleting a link that a stage serves says: %s", text)
	}
	p.cli(true, join([]string{"create-deployment", "--stage-name", "prod"}, api)...)
	p.cli(true, remove...)
	if text := p.cli(true, "get-vpc-links", "--query", "length(items||`[]`)"); text != "0" {
		t.Errorf("%s links are left", text)
	}
}

func join(parts ...[]string) []string {
	var all []string
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

// cli runs "aws apigateway" and returns what it said.
func (p *private) cli(succeeds bool, arguments ...string) string {
	p.Helper()
	command := exec.CommandContext(p.ctx, "aws", append([]string{"--endpoint-url", p.url, "apigateway"}, arguments...)...)
	command.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_DEFAULT_REGION=us-east-1", "AWS_PAGER=", "AWS_CONFIG_FILE="+os.DevNull)
	output, err := command.CombinedOutput()
	if (err == nil) != succeeds {
		p.Fatalf("aws %v: %v: %s", arguments, err, output)
	}
	return strings.TrimSpace(string(output))
}

func TestCreateVpcLink_fails(t *testing.T) {
	f := newFixture(t)
	web := f.loadBalancer("web", types.LoadBalancerTypeEnumApplication)
	for arn, message := range map[string]string{
		*web.LoadBalancerArn:                "NLB ARN is malformed", // observed
		missingArn + "loadbalancer/net/x/1": "NLB does not exist",   // unconfirmed
	} {
		created, err := f.apis.CreateVpcLink(f.ctx, &apigateway.CreateVpcLinkInput{Name: aws.String("x"), TargetArns: []string{arn}})
		found, err := f.apis.GetVpcLink(f.ctx, &apigateway.GetVpcLinkInput{VpcLinkId: must(t, created, err).Id})
		is(t, "status", must(t, found, err).Status, rest.VpcLinkStatusFailed)
		is(t, "message", *found.StatusMessage, message)
	}
}

// A load balancer that a link names cannot be deleted.
func TestDeleteLoadBalancer_linked(t *testing.T) {
	p := newPrivate(t)
	_, err := p.client.DeleteLoadBalancer(p.ctx, deleteInput(p.balancer.LoadBalancerArn))
	refused(t, err, "ResourceInUse", "Load balancer '"+*p.balancer.LoadBalancerArn+"' cannot be deleted because it is currently associated with another service")
}

// TLS to a target that speaks none fails as on AWS, with 500.
func TestPrivateIntegration_tlsToPlainTarget(t *testing.T) {
	p := newPrivate(t)
	_, target := p.backend(func(http.ResponseWriter, *http.Request) {})
	p.register(p.group.TargetGroupArn, target)
	p.awaitHealth(p.group.TargetGroupArn, types.TargetHealthStateEnumHealthy)
	host, _, _ := net.SplitHostPort(*p.balancer.DNSName + ":0")
	p.integrate(*p.link.Id, "https://"+host+":8080/")
	p.deploy(nil)
	if statusCode, body := p.get(); statusCode != http.StatusInternalServerError {
		t.Errorf("got %d %s", statusCode, body)
	}
}
