package main

// model is what one file under models/ holds: the facts of one AWS service.
type model struct {
	Source     source      `json:"source"`
	Metadata   metadata    `json:"metadata"`
	Operations []operation `json:"operations"`
	Shapes     []shape     `json:"shapes"`
}

// source says what was read, so that a later extraction can be compared.
type source struct {
	Botocore string `json:"botocore"`
	File     string `json:"file"`
	SHA256   string `json:"sha256"`
}

type metadata struct {
	Service         string `json:"service"`
	APIVersion      string `json:"apiVersion"`
	EndpointPrefix  string `json:"endpointPrefix"`
	Protocol        string `json:"protocol"`
	JSONVersion     string `json:"jsonVersion,omitempty"`
	ServiceFullName string `json:"serviceFullName"`
	ServiceID       string `json:"serviceId"`
	SigningName     string `json:"signingName,omitempty"`
	TargetPrefix    string `json:"targetPrefix,omitempty"`
	XMLNamespace    string `json:"xmlNamespace,omitempty"`
}

// operation is one AWS operation. Without Typed it is in the table by name and route only.
type operation struct {
	Name          string   `json:"name"`
	Typed         bool     `json:"typed,omitempty"`
	Method        string   `json:"method"`
	RequestURI    string   `json:"requestUri"`
	ResponseCode  int      `json:"responseCode,omitempty"`
	Input         string   `json:"input,omitempty"`
	Output        string   `json:"output,omitempty"`
	ResultWrapper string   `json:"resultWrapper,omitempty"`
	Errors        []string `json:"errors,omitempty"`
}

// shape is one shape of the model, with what the codecs and the validation need.
type shape struct {
	Name            string     `json:"name"`
	Type            string     `json:"type"`
	Members         []member   `json:"members,omitempty"`
	Member          *member    `json:"member,omitempty"`
	Key             *member    `json:"key,omitempty"`
	Value           *member    `json:"value,omitempty"`
	Enum            []string   `json:"enum,omitempty"`
	Min             *int64     `json:"min,omitempty"`
	Max             *int64     `json:"max,omitempty"`
	Pattern         string     `json:"pattern,omitempty"`
	Payload         string     `json:"payload,omitempty"`
	TimestampFormat string     `json:"timestampFormat,omitempty"`
	Flattened       bool       `json:"flattened,omitempty"`
	Streaming       bool       `json:"streaming,omitempty"`
	Sensitive       bool       `json:"sensitive,omitempty"`
	Exception       *exception `json:"exception,omitempty"`
}

type exception struct {
	Code   string `json:"code,omitempty"`
	Status int    `json:"status,omitempty"`
}

// member is a member of a structure, or the element of a list or map.
type member struct {
	Name             string   `json:"name,omitempty"`
	Shape            string   `json:"shape"`
	Location         string   `json:"location,omitempty"`
	LocationName     string   `json:"locationName,omitempty"`
	Required         bool     `json:"required,omitempty"`
	Enum             []string `json:"enum,omitempty"`
	TimestampFormat  string   `json:"timestampFormat,omitempty"`
	Flattened        bool     `json:"flattened,omitempty"`
	Streaming        bool     `json:"streaming,omitempty"`
	JSONValue        bool     `json:"jsonvalue,omitempty"`
	IdempotencyToken bool     `json:"idempotencyToken,omitempty"`
	EmptyIsNull      bool     `json:"-"` // see services.go
}
