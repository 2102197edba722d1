package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// extract reads the models below the directory of the Python package botocore and writes one
// file of facts per service.
func extract(botocore, out string) error {
	if botocore == "" {
		found, err := installedBotocore()
		if err != nil {
			return err
		}
		botocore = found
	}
	version, err := botocoreVersion(botocore)
	if err != nil {
		return err
	}
	for _, service := range services() {
		facts, err := extractService(botocore, service)
		if err != nil {
			return fmt.Errorf("extracting %s: %w", service.name, err)
		}
		facts.Source.Botocore = version
		text, err := facts.text()
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, service.name+".json"), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func installedBotocore() (string, error) {
	output, err := exec.Command("python3", "-c", "import botocore, os; print(os.path.dirname(botocore.__file__))").Output()
	if err != nil {
		return "", fmt.Errorf("asking python3 for botocore (install it, or set -botocore): %w", err)
	}
	return strings.TrimSpace(string(output)), nil
}

func botocoreVersion(botocore string) (string, error) {
	text, err := os.ReadFile(filepath.Join(botocore, "__init__.py"))
	if err != nil {
		return "", fmt.Errorf("reading botocore: %w", err)
	}
	match := regexp.MustCompile(`(?m)^__version__ = '([^']+)'`).FindSubmatch(text)
	if match == nil {
		return "", errors.New("botocore/__init__.py names no version")
	}
	return string(match[1]), nil
}

// raw mirrors the part of service-2.json that is read.
type raw struct {
	Metadata   map[string]any          `json:"metadata"`
	Operations map[string]rawOperation `json:"operations"`
	Shapes     map[string]rawShape     `json:"shapes"`
}

type rawOperation struct {
	HTTP struct {
		Method       string `json:"method"`
		RequestURI   string `json:"requestUri"`
		ResponseCode int    `json:"responseCode"`
	} `json:"http"`
	Input  rawReference   `json:"input"`
	Output rawReference   `json:"output"`
	Errors []rawReference `json:"errors"`
}

type rawReference struct {
	Shape         string `json:"shape"`
	ResultWrapper string `json:"resultWrapper"`
}

type rawShape struct {
	shape
	// These members of the model have another form than in shape.
	Members   json.RawMessage `json:"members"`
	Required  []string        `json:"required"`
	Min       *json.Number    `json:"min"`
	Max       *json.Number    `json:"max"`
	Exception bool            `json:"exception"`
	Error     struct {
		Code   string `json:"code"`
		Status int    `json:"httpStatusCode"`
	} `json:"error"`
	EventStream bool `json:"eventstream"`
	Document    bool `json:"document"`
	Union       bool `json:"union"`
}

func extractService(botocore string, service service) (*model, error) {
	file := filepath.Join("data", service.name, service.date, "service-2.json")
	content, err := os.ReadFile(filepath.Join(botocore, file+".gz"))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	unzip, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(unzip)
	if err != nil {
		return nil, err
	}
	var read raw
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, err
	}
	facts := &model{Source: source{File: filepath.ToSlash(file) + ".gz", SHA256: hex.EncodeToString(sum[:])}}
	if facts.Metadata, err = extractMetadata(service.name, read.Metadata); err != nil {
		return nil, err
	}
	if facts.Operations, err = extractOperations(service, read.Operations); err != nil {
		return nil, err
	}
	facts.Shapes, err = extractShapes(facts.Operations, read.Shapes)
	return facts, err
}

func extractMetadata(name string, read map[string]any) (metadata, error) {
	text, err := json.Marshal(read)
	if err != nil {
		return metadata{}, err
	}
	var m metadata
	if err := json.Unmarshal(text, &m); err != nil {
		return metadata{}, err
	}
	m.Service = name
	return m, nil
}

func extractOperations(service service, read map[string]rawOperation) ([]operation, error) {
	for _, name := range service.operations {
		if _, ok := read[name]; !ok {
			return nil, fmt.Errorf("the model has no operation %s", name)
		}
	}
	var operations []operation
	for name, o := range read {
		typed := len(service.operations) == 0 || slices.Contains(service.operations, name)
		extracted := operation{
			Name: name, Typed: typed, Method: o.HTTP.Method, RequestURI: o.HTTP.RequestURI, ResponseCode: o.HTTP.ResponseCode,
		}
		if typed {
			extracted.Input, extracted.Output, extracted.ResultWrapper = o.Input.Shape, o.Output.Shape, o.Output.ResultWrapper
			for _, e := range o.Errors {
				extracted.Errors = append(extracted.Errors, e.Shape)
			}
			sort.Strings(extracted.Errors)
		}
		operations = append(operations, extracted)
	}
	sort.Slice(operations, func(i, j int) bool { return operations[i].Name < operations[j].Name })
	return operations, nil
}

// extractShapes returns the shapes that the typed operations reach, sorted by name. Exceptions
// that no typed operation names are left out.
func extractShapes(operations []operation, read map[string]rawShape) ([]shape, error) {
	var queue []string
	for _, o := range operations {
		queue = append(queue, o.Input, o.Output)
		queue = append(queue, o.Errors...)
	}
	seen := map[string]bool{"": true}
	var shapes []shape
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		extracted, err := extractShape(name, read[name])
		if err != nil {
			return nil, fmt.Errorf("shape %s: %w", name, err)
		}
		shapes = append(shapes, extracted)
		for _, m := range extracted.references() {
			queue = append(queue, m.Shape)
		}
	}
	sort.Slice(shapes, func(i, j int) bool { return shapes[i].Name < shapes[j].Name })
	return shapes, nil
}

func extractShape(name string, read rawShape) (shape, error) {
	if read.Type == "" || read.EventStream || read.Document {
		return shape{}, errors.New("missing, or of a kind that is not supported")
	}
	s := read.shape
	s.Name = name
	var err error
	if s.Members, err = orderedMembers(read.Members, read.Required); err != nil {
		return shape{}, err
	}
	if s.Min, err = wholeNumber(read.Min); err != nil {
		return shape{}, err
	}
	if s.Max, err = wholeNumber(read.Max); err != nil {
		return shape{}, err
	}
	s.Exception = nil
	if read.Exception {
		s.Exception = &exception{Code: read.Error.Code, Status: read.Error.Status}
	}
	return s, nil
}

func wholeNumber(n *json.Number) (*int64, error) {
	if n == nil {
		return nil, nil
	}
	number, err := n.Float64() // some bounds are written 0.0
	if err != nil || number != math.Trunc(number) {
		return nil, fmt.Errorf("bound %s is no whole number", n)
	}
	whole := int64(number)
	return &whole, nil
}

// orderedMembers keeps the order of the model, which encoding/json's maps would lose.
func orderedMembers(text json.RawMessage, required []string) ([]member, error) {
	if len(text) == 0 {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	var members []member
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		var m member
		if err := decoder.Decode(&m); err != nil {
			return nil, err
		}
		m.Name = name.(string)
		m.Required = slices.Contains(required, m.Name)
		members = append(members, m)
	}
	return members, nil
}

func (s *shape) references() []member {
	all := slices.Clone(s.Members)
	for _, m := range []*member{s.Member, s.Key, s.Value} {
		if m != nil {
			all = append(all, *m)
		}
	}
	return all
}

// text renders the facts with one operation or shape a line, so that an update of the models is
// a readable difference.
func (m *model) text() ([]byte, error) {
	var out strings.Builder
	head := []struct {
		name  string
		value any
	}{{"source", m.Source}, {"metadata", m.Metadata}}
	out.WriteString("{\n")
	for _, h := range head {
		line, err := compact(h.value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&out, "%q: %s,\n", h.name, line)
	}
	if err := writeLines(&out, "operations", m.Operations); err != nil {
		return nil, err
	}
	out.WriteString(",\n")
	if err := writeLines(&out, "shapes", m.Shapes); err != nil {
		return nil, err
	}
	out.WriteString("\n}\n")
	return []byte(out.String()), nil
}

func writeLines[T any](out *strings.Builder, name string, list []T) error {
	fmt.Fprintf(out, "%q: [\n", name)
	for i, element := range list {
		line, err := compact(element)
		if err != nil {
			return err
		}
		out.WriteString(line)
		if i < len(list)-1 {
			out.WriteString(",")
		}
		out.WriteString("\n")
	}
	out.WriteString("]")
	return nil
}

func compact(value any) (string, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return strings.TrimSpace(out.String()), err
}
