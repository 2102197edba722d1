package iam

import (
	"strconv"
	"strings"
	"time"
)

// ContextKey is a condition key of a request and its value, or values.
type ContextKey struct {
	// Key is the name, for example "aws:SourceIp"; case does not matter.
	Key string
	// Value is the value of a key that has one.
	Value string
	// Values replaces Value for a key that has several, or none: it is used when it is not nil.
	Values []string
}

// Context holds the condition keys of a request, apart from those that follow from its principal and time.
type Context []ContextKey

// Request is what is to be decided.
type Request struct {
	// Principal is who asks; nil is anonymous.
	Principal *Principal
	// Action is service:Name, for example "execute-api:Invoke".
	Action string
	// Resource is an ARN, or "*".
	Resource string
	// ResourceAccount owns the resource. When it is "" the ARN's account does, and else the principal's own.
	ResourceAccount string
	// Context holds condition keys. Those that follow from Principal and Time need not be there.
	Context Context
	// Time is aws:CurrentTime and aws:EpochTime; zero leaves both out.
	Time time.Time
}

func (r *Request) principal() *Principal {
	if r.Principal == nil {
		return &anonymous
	}
	return r.Principal
}

// derivedKey names the condition keys that follow from the principal and the time.
type derivedKey uint8

const (
	notDerived derivedKey = iota
	currentTime
	epochTime
	principalARN
	principalAccount
	principalType
	principalIsService
	principalServiceName
	principalTag
	tokenIssueTime
	userID
	userName
	sourceIdentity
	federatedProvider
	multiFactorAuthPresent
)

// derivedKeys are in lower case.
var derivedKeys = map[string]derivedKey{
	"aws:currenttime": currentTime, "aws:epochtime": epochTime, "aws:principalarn": principalARN,
	"aws:principalaccount": principalAccount, "aws:principaltype": principalType,
	"aws:principalisawsservice": principalIsService, "aws:principalservicename": principalServiceName,
	"aws:tokenissuetime": tokenIssueTime, "aws:userid": userID, "aws:username": userName,
	"aws:sourceidentity": sourceIdentity, "aws:federatedprovider": federatedProvider,
	"aws:multifactorauthpresent": multiFactorAuthPresent,
}

const principalTagPrefix = "aws:principaltag/"

func derivedKeyOf(key string) derivedKey {
	key = strings.ToLower(key)
	if strings.HasPrefix(key, principalTagPrefix) {
		return principalTag
	}
	return derivedKeys[key]
}

// values are the values of a key in a request.
type values struct {
	one  string
	many []string
	at   time.Time // a point in time; one is filled only when a string is asked for
}

func (v *values) len() int {
	if v.many != nil {
		return len(v.many)
	}
	return 1
}

func (v *values) get(i int) string {
	if v.many != nil {
		return v.many[i]
	}
	return v.one
}

// lookup finds the values of a key.
func (r *Request) lookup(key string, derived derivedKey) (values, bool) {
	if derived != notDerived {
		return r.derive(key, derived)
	}
	for i := range r.Context {
		if equalFoldASCII(r.Context[i].Key, key) {
			return values{one: r.Context[i].Value, many: r.Context[i].Values}, true
		}
	}
	return values{}, false
}

// derive computes a key from the principal or the time; false when the principal has none.
func (r *Request) derive(key string, derived derivedKey) (values, bool) {
	p := r.principal()
	one := func(s string) (values, bool) { return values{one: s}, s != "" }
	switch derived {
	case currentTime, epochTime:
		return values{at: r.Time}, !r.Time.IsZero()
	case tokenIssueTime:
		return values{at: p.TokenIssued}, !p.TokenIssued.IsZero()
	case principalARN:
		if p.Type == AssumedRole {
			return one(p.SessionOf)
		}
		return one(p.ARN)
	case principalAccount:
		return one(p.Account)
	case principalType:
		return one(p.Type.String())
	case principalIsService:
		return one(strconv.FormatBool(p.Type == Service))
	case principalServiceName:
		if p.Type == Service {
			return one(p.Name)
		}
	case userID:
		return one(p.UserID)
	case userName:
		return one(p.UserName)
	case sourceIdentity:
		return one(p.SourceIdentity)
	case federatedProvider:
		return one(p.FederatedProvider)
	case multiFactorAuthPresent:
		return values{one: "false"}, !p.TokenIssued.IsZero()
	case principalTag:
		for i := range p.Tags {
			if equalFoldASCII(p.Tags[i].Key, key[len(principalTagPrefix):]) {
				return values{one: p.Tags[i].Value}, true
			}
		}
	}
	return values{}, false
}

// variable returns the value of a policy variable. A key with several values has none.
func (r *Request) variable(t *token) (string, bool) {
	v, found := r.lookup(t.text, t.derived)
	if found && v.len() == 1 {
		return v.text(t.derived), true
	}
	return t.fallback, t.hasDefault
}

// text is the only value of a key as a string.
func (v *values) text(derived derivedKey) string {
	switch {
	case v.at.IsZero():
		return v.get(0)
	case derived == epochTime:
		return strconv.FormatInt(v.at.Unix(), 10)
	}
	return v.at.UTC().Format(time.RFC3339)
}
