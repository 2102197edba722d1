package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const awsapi = "../../internal/awsapi"

// The committed packages must be what the committed facts give.
func TestGeneratedIsUpToDate(t *testing.T) {
	files, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(awsapi, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs: run go generate ./internal/awsapi", name)
		}
	}
	for _, service := range services() {
		err := fs.WalkDir(os.DirFS(awsapi), service.name, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && files[path] == nil {
				t.Errorf("%s is not generated", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Facts are names and bindings. The only long strings are patterns and lists of values.
func TestFactsHoldNoDocumentation(t *testing.T) {
	for _, service := range services() {
		text, err := models.ReadFile("models/" + service.name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{`"documentation":`, "<p>"} {
			if strings.Contains(string(text), word) {
				t.Errorf("models/%s.json contains %s", service.name, word)
			}
		}
	}
}

func TestNames(t *testing.T) {
	for _, test := range []struct{ function, in, want string }{
		{"snake", "PutIntegrationResponse", "put_integration_response"},
		{"snake", "CreateOpenIDConnectProvider", "create_open_id_connect_provider"},
		{"snake", "CreateApi", "create_api"},
		{"constant", "HTTP_PROXY", "HttpProxy"},
		{"constant", "DEFAULT_4XX", "Default4xx"},
		{"constant", "nodejs18.x", "Nodejs18x"},
		{"constant", "TLS_1_2", "Tls12"},
		{"constant", "BlackBerry", "BlackBerry"},
	} {
		got := snake(test.in)
		if test.function == "constant" {
			got = constantName(test.in)
		}
		if got != test.want {
			t.Errorf("%s %s = %s, want %s", test.function, test.in, got, test.want)
		}
	}
}
