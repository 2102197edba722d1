package app

import (
	"strings"
	"testing"

	"gatehouse/internal/clientcertificate"
	"gatehouse/internal/integration"
	"gatehouse/internal/knowledge"
	"gatehouse/internal/lambda"
)

// The numbers in articles are those of the code that they are about.
func TestNumbersInArticles(t *testing.T) {
	for name, c := range map[string]struct{ article, code any }{
		"FunctionEnvironments":      {knowledge.FunctionEnvironments, lambda.DefaultEnvironments},
		"FunctionEnvironmentWait":   {knowledge.FunctionEnvironmentWait, lambda.DefaultWaitTime},
		"ClientCertificateValidity": {knowledge.ClientCertificateValidity, clientcertificate.Validity},
		"BackendIdleTimeout":        {knowledge.BackendIdleTimeout, integration.IdleConnectionTimeout},
		"RequestHeadTimeout":        {knowledge.RequestHeadTimeout, readHeaderTimeout},
		"ClientIdleTimeout":         {knowledge.ClientIdleTimeout, idleTimeout},
	} {
		if c.article != c.code {
			t.Errorf("%s: articles say %v, the code has %v", name, c.article, c.code)
		}
	}
}

// The article about a function's answer says which statuses are taken.
func TestArticleSaysWhichStatusesAreTaken(t *testing.T) {
	library, err := knowledge.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	article, _ := library.Find("GH-L201")
	for status, taken := range map[string]bool{"199": false, "200": true, "599": true, "600": false} {
		if _, err := integration.ParseProxyResponse([]byte(`{"statusCode":` + status + `}`)); (err == nil) != taken {
			t.Errorf("status %s: %v", status, err)
		}
	}
	if !strings.Contains(article.Markdown, "nothing outside 200 to 599") {
		t.Error("GH-L201 names other statuses than 200 to 599")
	}
}
