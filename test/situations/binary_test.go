package situations

import (
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// picture is no UTF-8 text: five of its bytes are lost as text.
const picture = "\x89PNG\r\n\x1a\n\xff\xd8\xff\xe0"

// isPicture is a function that answers 200 when it got the picture.
const isPicture = `import base64
body = base64.b64decode(event["body"]) if event["isBase64Encoded"] else event["body"].encode()
return {"statusCode": 200 if body == b"\x89PNG\r\n\x1a\n\xff\xd8\xff\xe0" else 400}`

// binarySituations are bodies that are taken for text.
func binarySituations() []situation {
	return []situation{
		{
			name: "E24 request damaged on its way to a function", errorId: "GH-B104", status: http.StatusBadRequest,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("pictures", isPicture)
				w.method(w.root, "POST", w.proxy("pictures"))
				w.deploy()
				return &request{method: "POST", path: "/prod/", body: picture, header: map[string]string{"Content-Type": "image/png"}}
			},
			says: []string{"the request's body was sent on damaged: image/png: 5 of its 12 bytes are not UTF-8 text", "binaryMediaTypes are []", "isBase64Encoded is true", "/binaryMediaTypes/image~1png"},
		},
		{
			name: "E24 request damaged on its way to a backend", errorId: "GH-B104", status: http.StatusBadRequest,
			arrange: func(w *world) *request {
				w.restApi()
				in := httpProxy(w.gallery())
				in.IntegrationHttpMethod = aws.String("POST")
				w.method(w.root, "POST", in)
				w.deploy()
				return &request{method: "POST", path: "/prod/", body: picture, header: map[string]string{"Content-Type": "image/png"}}
			},
			says: []string{"5 of its 12 bytes are not UTF-8 text, and each became the character U+FFFD"},
		},
		{
			name: "E24 request damaged, and said to be a form", errorId: "GH-B104", status: http.StatusBadRequest,
			arrange: func(w *world) *request {
				w.restApi()
				in := httpProxy(w.gallery())
				in.IntegrationHttpMethod = aws.String("POST")
				w.method(w.root, "POST", in)
				w.deploy()
				return &request{method: "POST", path: "/prod/", body: picture, header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}
			},
			says:   []string{"/binaryMediaTypes/application~1octet-stream", "application/x-www-form-urlencoded it is not", "--data-binary @body"},
			before: func(w *world) { w.file("body", picture) }, sends: true,
		},
		{
			name: "E24 response damaged", errorId: "GH-B104", status: http.StatusOK,
			arrange: func(w *world) *request {
				w.restApi()
				w.method(w.root, "GET", httpProxy(w.gallery()))
				w.deploy()
				return &request{path: "/prod/", header: fromImage}
			},
			says:   []string{"the response's body was sent on damaged: image/png: 5 of its 12 bytes", "/binaryMediaTypes/*~1*"},
			passes: (*world).getsPicture,
		},
		{
			name: "E24 backend's binary response as base64 text", errorId: "GH-B101", status: http.StatusOK,
			arrange: func(w *world) *request {
				w.restApi()
				w.method(w.root, "GET", httpProxy(w.gallery()))
				must(w.rest.UpdateRestApi(w.ctx(), &apigateway.UpdateRestApiInput{RestApiId: &w.apiId, PatchOperations: []types.PatchOperation{{Op: types.OpAdd, Path: new("/binaryMediaTypes/image~1png")}}}))(w)
				w.deploy()
				return &request{path: "/prod/", header: fromImage}
			},
			says:   []string{"Content-Type image/png is a binary media type", "matches none of [image/png]", "/binaryMediaTypes/*~1*"},
			passes: (*world).getsPicture,
		},
	}
}

// gallery is a backend that has the picture, and takes it.
func (w *world) gallery() string {
	backend := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); r.Method == http.MethodPost && string(body) != picture {
			http.Error(rw, "no picture", http.StatusBadRequest)
			return
		}
		rw.Header().Set("Content-Type", "image/png")
		_, _ = io.WriteString(rw, picture)
	}))
	w.t.Cleanup(backend.Close)
	return backend.URL
}

func (w *world) getsPicture(string) {
	w.t.Helper()
	if got := w.send(&request{path: "/prod/", header: fromImage}); got.body != picture {
		w.t.Errorf("body %q", got.body)
	}
}
