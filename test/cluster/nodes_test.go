package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/chromedp/chromedp"

	"gatehouse/internal/look/looktest"
	"gatehouse/test/server"
)

func configAt(node *server.Server) aws.Config {
	return aws.Config{Region: "us-east-1", BaseEndpoint: aws.String(node.Url()), Credentials: credentials.NewStaticCredentialsProvider("000000000000", "x", "")}
}

// createApi makes an API with GET /pets and deploys it to prod, with execution logs.
func (w *world) createApi(node *server.Server) (apiId string) {
	w.Helper()
	ctx, client := w.Context(), apigateway.NewFromConfig(configAt(node))
	check := func(_ any, err error) {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
	}
	api, err := client.CreateRestApi(ctx, &apigateway.CreateRestApiInput{Name: aws.String("pets")})
	check(api, err)
	pets, err := client.CreateResource(ctx, &apigateway.CreateResourceInput{RestApiId: api.Id, ParentId: api.RootResourceId, PathPart: aws.String("pets")})
	check(pets, err)
	get := aws.String("GET")
	check(client.PutMethod(ctx, &apigateway.PutMethodInput{RestApiId: api.Id, ResourceId: pets.Id, HttpMethod: get, AuthorizationType: aws.String("NONE")}))
	check(client.PutIntegration(ctx, &apigateway.PutIntegrationInput{
		RestApiId: api.Id, ResourceId: pets.Id, HttpMethod: get, Type: types.IntegrationTypeMock, RequestTemplates: map[string]string{"application/json": `{"statusCode":200}`},
	}))
	ok := aws.String("200")
	check(client.PutMethodResponse(ctx, &apigateway.PutMethodResponseInput{RestApiId: api.Id, ResourceId: pets.Id, HttpMethod: get, StatusCode: ok}))
	check(client.PutIntegrationResponse(ctx, &apigateway.PutIntegrationResponseInput{RestApiId: api.Id, ResourceId: pets.Id, HttpMethod: get, StatusCode: ok}))
	check(client.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: api.Id, StageName: aws.String("prod")}))
	replace := func(path, value string) []types.PatchOperation {
		return []types.PatchOperation{{Op: types.OpReplace, Path: aws.String(path), Value: aws.String(value)}}
	}
	check(client.UpdateAccount(ctx, &apigateway.UpdateAccountInput{PatchOperations: replace("/cloudwatchRoleArn", "arn:aws:iam::000000000000:role/logs")}))
	check(client.UpdateStage(ctx, &apigateway.UpdateStageInput{RestApiId: api.Id, StageName: aws.String("prod"), PatchOperations: replace("/*/*/logging/loglevel", "INFO")}))
	return *api.Id
}

// Three nodes are one in everything that is seen afterwards, also while one of them hangs,
// while NATS loses a server, and after one was killed.
func TestNodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b, c := w.nodes[0], w.nodes[1], w.nodes[2]
	apiId := w.createApi(a)
	stage := "/_aws/execute-api/" + apiId + "/prod"
	served := map[string]*server.Server{}
	for _, node := range w.nodes {
		w.eventually("the stage at all nodes", func() error {
			if status, _ := w.request(node, stage+"/pets"); status != 200 {
				return fmt.Errorf("%d at %s", status, w.name(node))
			}
			return nil
		})
	}
	for range 2 {
		for _, node := range w.nodes {
			status, id := w.request(node, stage+"/none")
			if status != 403 {
				t.Fatalf("got %d", status)
			}
			served[id] = node
		}
	}
	w.eventually("explanations", func() error { return w.everyNodeExplains(w.nodes, served) })
	for _, node := range w.nodes {
		if err := w.lists(node, apiId, served); err != nil {
			t.Error(err)
		}
	}
	w.logsAreShared(apiId, served)
	w.hangs(apiId, c, served)
	w.losesNats(apiId, served)

	if err := c.Stop(os.Kill); err != nil {
		t.Fatal(err)
	}
	rest := maps.Clone(served)
	maps.DeleteFunc(rest, func(_ string, by *server.Server) bool { return by == c })
	w.eventually("the end of the killed node's lease", func() error { return w.lists(a, apiId, rest) })
	if err := w.everyNodeExplains([]*server.Server{a, b}, rest); err != nil {
		t.Error(err)
	}
}

// hangs stops a node without ending it.
func (w *world) hangs(apiId string, sleeper *server.Server, served map[string]*server.Server) {
	w.Helper()
	if err := sleeper.Signal(syscall.SIGSTOP); err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { _ = sleeper.Signal(syscall.SIGCONT) })
	awake, others := w.nodes[0], maps.Clone(served)
	maps.DeleteFunc(others, func(_ string, by *server.Server) bool { return by == sleeper })
	began := time.Now()
	if err := w.lists(awake, apiId, others, "node "+w.name(sleeper)+" did not answer"); err != nil {
		w.Error(err)
	}
	for id, by := range served {
		if text, err := w.explain(awake, id); by == sleeper && (err == nil || !strings.Contains(text, "node "+w.name(sleeper)+" did not answer, and may know it")) {
			w.Errorf("%v\n%s", err, text)
		}
	}
	if text, err := w.explain(awake, "latest"); err != nil || !strings.Contains(text, "ode "+w.name(sleeper)+" did not answer; a later failure may be there") {
		w.Errorf("the latest: %v\n%s", err, text)
	}
	if took := time.Since(began); took > 12*time.Second {
		w.Errorf("four questions took %s", took)
	}
	ctx := looktest.Browser(w.T)
	if err := chromedp.Do(ctx, chromedp.Navigate(awake.Url()+"/_gatehouse/requests/?status=403")); err != nil {
		w.Fatal(err)
	}
	looktest.Examine(ctx, w.T, "requests-of-nodes")
	if err := sleeper.Signal(syscall.SIGCONT); err != nil {
		w.Fatal(err)
	}
	w.eventually("the node that hung", func() error { return w.lists(awake, apiId, served) })
}

// losesNats kills the NATS server that leads the configuration: requests are served all
// the while, what was acknowledged is there, and writing goes on.
func (w *world) losesNats(apiId string, served map[string]*server.Server) {
	w.Helper()
	stage, completed := "/_aws/execute-api/"+apiId+"/prod", w.completed(w.nodes[0], apiId)
	var stops []func() (sent, failed int)
	for _, node := range w.nodes {
		stops = append(stops, w.keepsServing(node, stage+"/pets"))
	}
	began := time.Now()
	w.nats.Kill("gatehouse-records")
	client := apigateway.NewFromConfig(configAt(w.nodes[1]))
	created, err := client.CreateRestApi(w.Context(), &apigateway.CreateRestApiInput{Name: aws.String("later")})
	if err != nil {
		w.Fatalf("writing after the loss: %v", err)
	}
	w.Logf("the first write after the loss took %s", time.Since(began))
	w.eventually("the write at all nodes", func() error {
		for _, node := range w.nodes {
			list, err := apigateway.NewFromConfig(configAt(node)).GetRestApis(w.Context(), &apigateway.GetRestApisInput{})
			if err != nil {
				return fmt.Errorf("%s: %w", w.name(node), err)
			}
			if len(list.Items) != 2 { // one from before, one written once
				return fmt.Errorf("%s has %d APIs", w.name(node), len(list.Items))
			}
		}
		return nil
	})
	for i, stop := range stops {
		sent, failed := stop()
		w.Logf("%s served %d requests meanwhile", w.name(w.nodes[i]), sent)
		completed += sent
		if failed > 0 || sent == 0 {
			w.Errorf("%s failed %d of %d requests", w.name(w.nodes[i]), failed, sent)
		}
	}
	w.eventually("explanations without a NATS server", func() error { return w.everyNodeExplains(w.nodes, served) })
	for _, node := range w.nodes {
		w.eventually("the lines of all requests", func() error {
			if got := w.completed(node, apiId); got != completed {
				return fmt.Errorf("%s knows of %d completed requests, not %d", w.name(node), got, completed)
			}
			return nil
		})
	}
	if _, err := client.DeleteRestApi(w.Context(), &apigateway.DeleteRestApiInput{RestApiId: created.Id}); err != nil {
		w.Error(err)
	}
}

// completed counts the requests that the execution log, read at a node, says were completed.
func (w *world) completed(node *server.Server, apiId string) (count int) {
	w.Helper()
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(cloudwatchlogs.NewFromConfig(configAt(node)), &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: aws.String("API-Gateway-Execution-Logs_" + apiId + "/prod"), FilterPattern: aws.String(`"Method completed with status: 200"`),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(w.Context())
		if err != nil {
			return -1
		}
		count += len(page.Events)
	}
	return count
}

// logsAreShared reads at each node what every node wrote, also page by page, each page at
// another node.
func (w *world) logsAreShared(apiId string, served map[string]*server.Server) {
	w.Helper()
	group := aws.String("API-Gateway-Execution-Logs_" + apiId + "/prod")
	clients := make([]*cloudwatchlogs.Client, len(w.nodes))
	for i, node := range w.nodes {
		clients[i] = cloudwatchlogs.NewFromConfig(configAt(node))
	}
	whole := func(client *cloudwatchlogs.Client) (lines []string, err error) {
		page, err := client.FilterLogEvents(w.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: group})
		if err != nil {
			return nil, err
		}
		for _, event := range page.Events {
			lines = append(lines, *event.Message)
		}
		return lines, nil
	}
	var lines []string
	w.eventually("the lines of all nodes at all nodes", func() error {
		for i, client := range clients {
			found, err := whole(client)
			if err != nil {
				return err
			}
			for id := range served {
				if !strings.Contains(strings.Join(found, "\n"), "("+id+") Method completed with status: 403") {
					return fmt.Errorf("%s has nothing of %s", w.name(w.nodes[i]), id)
				}
			}
			if i > 0 && strings.Join(found, "\n") != strings.Join(lines, "\n") {
				return errors.New("nodes have different lines")
			}
			lines = found
		}
		return nil
	})
	streams, err := clients[1].DescribeLogStreams(w.Context(), &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: group})
	if err != nil || len(streams.LogStreams) != len(w.nodes) {
		w.Errorf("each node writes a stream of its own: %+v %v", streams, err)
	}
	var token *string
	paged := []string{}
	for i := 0; ; i++ {
		page, err := clients[i%len(clients)].FilterLogEvents(context.Background(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: group, Limit: aws.Int32(4), NextToken: token})
		if err != nil {
			w.Fatal(err)
		}
		for _, event := range page.Events {
			paged = append(paged, *event.Message)
		}
		if token = page.NextToken; token == nil {
			break
		}
	}
	if strings.Join(paged, "\n") != strings.Join(lines, "\n") {
		w.Errorf("page by page, at another node each time: %d lines of %d", len(paged), len(lines))
	}
}
