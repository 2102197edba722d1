package diagnosis

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/fault"
)

// idUndeployed is a change that is defined and not deployed: "I changed it and nothing
// happens". Its article is that of deployments.
const (
	idUndeployed      = "GH-C103"
	articleUndeployed = "GH-C101"
)

// Change is something of an API that a request met, or would meet, and that differs between
// two times.
type Change struct {
	// What names it: "GET /pets", "authorizer a1b2c3 (tokens)", "the resource policy".
	What string `json:"what"`
	// How is made, changed or deleted.
	How string `json:"how"`
	// LastChangedDate is when it was written last, together with what is kept beside it: with a
	// method the others of its resource, with the policy the API's other settings. It is absent
	// for what was deleted, and where it is not known.
	LastChangedDate *time.Time `json:"lastChangedDate,omitempty"`
	// reached says that the request would reach it, as it did not.
	reached bool
}

// The ways in which things differ.
const (
	made    = "made"
	changed = "changed"
	deleted = "deleted"
)

// String is a change for people: its name, with how and when.
func (c Change) String() string {
	var how []string
	if c.How != changed {
		how = append(how, c.How)
	}
	if c.LastChangedDate != nil {
		how = append(how, c.LastChangedDate.UTC().Format(dateTime))
	}
	if len(how) == 0 {
		return c.What
	}
	return c.What + " (" + strings.Join(how, " ") + ")"
}

// named lists changes for people.
func named(changes []Change) string {
	var names []string
	for _, one := range changes[:min(len(changes), maxNames)] {
		names = append(names, one.String())
	}
	if more := len(changes) - len(names); more > 0 {
		return joined(names) + " and " + itoa(more) + " more"
	}
	return joined(names)
}

// undeployed says what concerns the request and was changed after the stage's deployment.
func (c *diagnosed) undeployed() (Finding, bool) {
	if c.definition == nil {
		return Finding{}, false
	}
	changes := c.differences(c.deployed(), c.definition)
	if c.hasNoRoute() { // whose own finding says which route is not deployed
		changes = slices.DeleteFunc(changes, func(one Change) bool { return one.reached })
	}
	if len(changes) == 0 {
		return Finding{}, false
	}
	stage := c.record.StageName
	serves := c.definition.Stages[stage]
	return Finding{
		ErrorId: idUndeployed, Name: "undeployed-changes", Summary: "What was changed is not served: the stage serves an earlier deployment.",
		Checked: "the definition against what stage " + stage + " serves (deployment " + serves.Id + ", " + serves.Created.UTC().Format(dateTime) + ")",
		Found:   "changed since then: " + named(changes), Wanted: "a deployment of the definition as it is now", Nearest: []string{},
		Fix: c.fixDeploy("Deploy the API to stage " + stage + "."), Article: articleUndeployed, Changes: changes,
	}, true
}

// fixDeploy is what makes the stage serve the definition. A stage that deploys by itself does
// not when the definition cannot be deployed.
func (c *diagnosed) fixDeploy(text string) Fix {
	serves := c.definition.Stages[c.record.StageName]
	if !serves.AutoDeploy {
		return Fix{Text: text, Command: c.deploy()}
	}
	return Fix{
		Text:    "Stage " + c.record.StageName + " deploys by itself, and says of the last time: " + sentence(serves.Status) + " Mend what it names.",
		Command: c.apigatewayv2("get-stage", "--stage-name", c.record.StageName, "--query", "LastDeploymentStatusMessage", "--output", "text"),
	}
}

func (c *diagnosed) hasNoRoute() bool {
	return c.record.Fault != nil && (c.record.Fault.Id() == fault.NoRoute || c.record.Fault.Id() == fault.NoWebSocketRoute)
}

const dateTime = "2006-01-02 15:04:05"

// differences names what differs between two forms of the API, of what the request met or
// would meet. The times are those of the definition, so that they are given only with it.
func (c *diagnosed) differences(from, to *Definition) []Change {
	if from == nil || to == nil {
		return nil
	}
	d := &differences{from: from, to: to, times: to.Changed}
	switch {
	case from.Rest != nil && to.Rest != nil:
		c.restDifferences(d)
	case from.Http != nil && to.Http != nil:
		c.httpDifferences(d)
	}
	return d.list
}

// differences collects what differs.
type differences struct {
	from, to *Definition
	times    map[Noun]time.Time
	list     []Change
}

// compare compares something that may be made and deleted: nil is what is not there.
func (d *differences) compare(what string, noun Noun, from, to any) {
	before, after := plainJSON(from), plainJSON(to)
	switch {
	case reflect.DeepEqual(before, after):
	case before == nil:
		d.add(what, made, noun)
	case after == nil:
		d.add(what, deleted, noun)
	default:
		d.add(what, changed, noun)
	}
}

// setting compares a setting, which is changed whatever it was.
func (d *differences) setting(what string, from, to any) {
	if !reflect.DeepEqual(plainJSON(from), plainJSON(to)) {
		d.add(what, changed, Noun{Kind: NounApi})
	}
}

func (d *differences) add(what, how string, noun Noun) {
	change := Change{What: what, How: how}
	if at, ok := d.times[noun]; ok && !at.IsZero() && how != deleted {
		change.LastChangedDate = new(at.UTC())
	}
	d.list = append(d.list, change)
}

func (d *differences) addReached(what string, noun Noun) {
	d.add(what, made, noun)
	d.list[len(d.list)-1].reached = true
}

// rerouted is for a request that would reach another method or route than it did.
func (d *differences) rerouted(httpMethod, path string) {
	reached, ok := d.to.find(httpMethod, path)
	if !ok {
		return
	}
	before, ok := d.from.find(httpMethod, path)
	if ok && before.id == reached.id && before.httpMethod == reached.httpMethod {
		return
	}
	d.addReached(reached.text(), reached.noun())
}

// plainJSON is a value as snapshots are kept: nothing and an empty list are the same.
func plainJSON(value any) any {
	var plain any
	text, err := json.Marshal(value)
	if err != nil || json.Unmarshal(text, &plain) != nil {
		return nil
	}
	if list, ok := plain.([]any); ok && len(list) == 0 {
		return nil
	}
	return plain
}
