package lambda

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// runtimeAPIVersion starts every path of the Runtime API.
const runtimeAPIVersion = "/2018-06-01/runtime/"

// runtimeAPI answers the requests of one environment's process. Each endpoint
// is the file of its name.
type runtimeAPI struct{ environment *environment }

// ServeHTTP is the whole Runtime API in one screen.
func (a runtimeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, ok := strings.CutPrefix(r.URL.Path, runtimeAPIVersion)
	if !ok {
		refuse(w, http.StatusNotFound, "NotFound", "no such path in the Runtime API: "+r.URL.Path)
		return
	}
	if rest, ok := strings.CutPrefix(path, "invocation/"); ok {
		a.serveInvocation(w, r, rest)
		return
	}
	switch {
	case path == "init/error" && r.Method == http.MethodPost:
		a.initError(w, r)
	case path == "init/error":
		refuseMethod(w, r)
	default:
		// restore/next and restore/error belong to SnapStart, which is not run here.
		refuse(w, http.StatusNotFound, "NotFound", "no such path in the Runtime API: "+r.URL.Path)
	}
}

func (a runtimeAPI) serveInvocation(w http.ResponseWriter, r *http.Request, path string) {
	if path == "next" {
		if r.Method != http.MethodGet {
			refuseMethod(w, r)
			return
		}
		a.invocationNext(w, r)
		return
	}
	requestID, action, _ := strings.Cut(path, "/")
	switch {
	case action != "response" && action != "error":
		refuse(w, http.StatusNotFound, "NotFound", "no such path in the Runtime API: "+r.URL.Path)
	case r.Method != http.MethodPost:
		refuseMethod(w, r)
	case action == "response":
		a.invocationResponse(w, r, requestID)
	default:
		a.invocationError(w, r, requestID)
	}
}

func refuseMethod(w http.ResponseWriter, r *http.Request) {
	refuse(w, http.StatusMethodNotAllowed, "MethodNotAllowed", r.Method+" is not a method of "+r.URL.Path)
}

// refuse answers an error document of the Runtime API.
func refuse(w http.ResponseWriter, status int, errorType, message string) {
	document, err := json.Marshal(struct {
		ErrorMessage string `json:"errorMessage"`
		ErrorType    string `json:"errorType"`
	}{message, errorType})
	if err != nil { // two strings always marshal
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(document) //nolint:errcheck // the process is gone; its exit is reported
}

// headerNext is set by our own bootstraps on a response or an error, and asks for the
// next event in place of the word that it was taken.
const headerNext = "Gatehouse-Next"

// accept answers a response or an error that was taken.
func (a runtimeAPI) accept(w http.ResponseWriter, r *http.Request) {
	if len(r.Header[headerNext]) > 0 {
		a.invocationNext(w, r)
		return
	}
	accept(w)
}

// accept says that a response or an error was taken.
func accept(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	io.WriteString(w, `{"status":"OK"}`) //nolint:errcheck // as above
}

// readBody reads a body of at most limit bytes; ok is false when it is larger
// or did not arrive.
func readBody(r *http.Request, limit int64) (body []byte, tooLarge bool, err error) {
	if r.ContentLength > limit {
		discard(r)
		return nil, true, nil
	}
	if r.ContentLength >= 0 {
		body = make([]byte, r.ContentLength)
		_, err = io.ReadFull(r.Body, body)
		return body, false, err
	}
	body, err = io.ReadAll(io.LimitReader(r.Body, limit+1))
	if int64(len(body)) > limit {
		discard(r)
		return nil, true, err
	}
	return body, false, err
}

// discard reads what is left of a body that is too large, within reason, so
// that the connection and with it the environment can go on.
func discard(r *http.Request) {
	const reason = 64 * 1024 * 1024
	io.Copy(io.Discard, io.LimitReader(r.Body, reason)) //nolint:errcheck // the connection then closes
}

// reportedError reads an error document: as it came when it is a JSON object,
// else made from the type in the header.
func reportedError(r *http.Request) (document []byte, errorType string) {
	errorType = r.Header.Get("Lambda-Runtime-Function-Error-Type")
	body, tooLarge, err := readBody(r, maximumReportBody)
	var fields struct {
		ErrorType string `json:"errorType"`
	}
	if tooLarge || err != nil || json.Unmarshal(body, &fields) != nil {
		if errorType == "" {
			errorType = errorTypeUnknown
		}
		return errorDocument(errorType, "Unknown application error occurred"), errorType
	}
	if errorType == "" {
		errorType = fields.ErrorType
	}
	return body, errorType
}
