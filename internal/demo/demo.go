// Package demo deploys the status-codes example through the public AWS API, as any
// client would, and says what to try. examples/status-codes/deploy.sh does the same with
// the aws CLI.
//
// It knows no part of the server, only its URL. Begin at Deploy.
package demo

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"gatehouse/examples"
)

const (
	account = "000000000000"
	region  = "us-east-1"
	python  = "python3.12"
)

// client calls AWS operations of a server in developer mode, unsigned.
type client struct {
	url string
	ctx context.Context // lives for one Deploy
	err error           // the first failure; later calls do nothing
}

// Deploy makes the API and its functions and returns the URL of its stage.
func Deploy(ctx context.Context, serverURL string) (string, error) {
	c := &client{url: serverURL, ctx: ctx}
	code, err := archive("status-codes/status.py", "status.py")
	if err != nil {
		return "", err
	}
	for name, handler := range map[string]string{"status-outcome": "handler", "status-describe": "describe", "status-proxy": "proxy"} {
		c.putFunction(name, handler, code)
	}
	api := c.call(http.MethodPost, "/restapis", map[string]any{"name": "status-codes", "tags": map[string]string{"_custom_id_": "statuscode"}})
	apiId, _ := api["id"].(string)
	root, _ := api["rootResourceId"].(string)
	a := apiBuilder{client: c, path: "/restapis/" + apiId, root: root}
	a.mock()
	a.lambda()
	a.override()
	a.proxy()
	c.call(http.MethodPost, a.path+"/deployments", map[string]any{"stageName": "prod"})
	if c.err != nil {
		return "", fmt.Errorf("deploying the example: %w", c.err)
	}
	return serverURL + "/_aws/execute-api/" + apiId + "/prod", nil
}

func archive(path, name string) ([]byte, error) {
	text, err := examples.StatusCodes.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the example: %w", err)
	}
	var buffer bytes.Buffer
	writer := zip.NewWriter(&buffer)
	file, err := writer.Create(name)
	if err != nil {
		return nil, fmt.Errorf("packing the example: %w", err)
	}
	if _, err := file.Write(text); err != nil {
		return nil, fmt.Errorf("packing the example: %w", err)
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("packing the example: %w", err)
	}
	return buffer.Bytes(), nil
}

func (c *client) call(method, path string, body any) map[string]any {
	if c.err != nil {
		return nil
	}
	answer, err := c.send(method, path, body)
	if err != nil {
		c.err = fmt.Errorf("%s %s: %w", method, path, err)
	}
	return answer
}

func (c *client) send(method, path string, body any) (map[string]any, error) {
	encoded, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encoding the request: %w", err)
	}
	request, err := http.NewRequestWithContext(c.ctx, method, c.url+path, bytes.NewReader(encoded))
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("sending the request: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return nil, fmt.Errorf("the server answered %s: %s", response.Status, text)
	}
	answer := map[string]any{}
	if len(text) > 0 {
		err = json.Unmarshal(text, &answer)
	}
	return answer, err
}

func (c *client) putFunction(name, handler string, code []byte) {
	c.call(http.MethodPost, "/2015-03-31/functions", map[string]any{
		"FunctionName": name, "Runtime": python, "Handler": "status." + handler, "Role": "arn:aws:iam::" + account + ":role/lambda",
		"Code": map[string]any{"ZipFile": code},
	})
	c.call(http.MethodPost, "/2015-03-31/functions/"+name+"/policy", map[string]any{
		"StatementId": "api", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com",
		"SourceArn": "arn:aws:execute-api:" + region + ":" + account + ":*/*/GET/*",
	})
}
