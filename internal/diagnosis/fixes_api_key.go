package diagnosis

import (
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/dataplane/usageplan"
	"gatehouse/internal/fault"
)

// fixApiKey mends the link between a request and a usage plan that is missing.
func fixApiKey(c *diagnosed, f *fault.Fault, finding *Finding) {
	keyId, planId := c.fact(record.ApiKeyId), c.fact(record.UsagePlanId)
	switch c.fact(record.ApiKeyReason) {
	case usageplan.ReasonDisabled:
		finding.Fix = Fix{
			Text:    "Enable the key.",
			Command: command("aws", "apigateway", "update-api-key", "--api-key", keyId, "--patch-operations", patch(replace("/enabled", "true"))),
		}
	case usageplan.ReasonNoPlan:
		finding.Fix.Text = "Put the key into a usage plan that has the stage."
		made, plan := c.planOfStage()
		finding.Fix.Command = then(append(made, "aws apigateway create-usage-plan-key --usage-plan-id "+plan+" --key-id "+quote(keyId)+" --key-type API_KEY")...)
	case usageplan.ReasonNoStage:
		finding.Fix = Fix{
			Text: "Add the stage to the plan that the key is in.",
			Command: command("aws", "apigateway", "update-usage-plan", "--usage-plan-id", planId, "--patch-operations",
				patch(add("/apiStages", c.stageOfPlan()))),
		}
	default:
		c.showKey(f, finding)
	}
}

// stageOfPlan is the request's stage as usage plans name it.
func (c *diagnosed) stageOfPlan() string {
	return apigw.ApiStage{ApiId: c.record.ApiId, Stage: c.record.StageName}.Name()
}

// plansOfStage are the usage plans that have the stage.
func (c *diagnosed) plansOfStage() []UsagePlan {
	if c.definitions == nil {
		return nil
	}
	return c.definitions.UsagePlans(apigw.Scope{Account: c.record.AccountId, Region: c.record.Region}, c.stageOfPlan())
}

// planOfStage is a usage plan that has the stage, for a command, and what makes it if
// there is none.
func (c *diagnosed) planOfStage() (made []string, plan string) {
	if plans := c.plansOfStage(); len(plans) > 0 {
		return nil, quote(plans[0].Id)
	}
	return []string{"PLAN=$(aws apigateway create-usage-plan --name plan-of-" + c.record.ApiId + " --api-stages " +
		quote("apiId="+c.record.ApiId+",stage="+c.record.StageName) + " --query id --output text)"}, `"$PLAN"`
}

// showKey sends the request with a key that opens the stage, which is made if there is none.
func (c *diagnosed) showKey(f *fault.Fault, finding *Finding) {
	var commands []string
	key := ""
	for _, plan := range c.plansOfStage() {
		if plan.KeyId != "" {
			key = quote(plan.KeyId)
			break
		}
	}
	if key == "" {
		made, plan := c.planOfStage()
		commands = append(made, "KEY=$(aws apigateway create-api-key --name client --enabled --query id --output text)",
			"aws apigateway create-usage-plan-key --usage-plan-id "+plan+` --key-id "$KEY" --key-type API_KEY`)
		key = `"$KEY"`
	}
	value := "aws apigateway get-api-key --api-key " + key + " --include-value --query value --output text"
	switch {
	case strings.Contains(f.Checked, "usageIdentifierKey"):
		c.fixKeySource(finding, then(append(commands, value)...))
		return
	case c.record.ProtocolType == record.ProtocolWebSocket:
		finding.Fix.Text = "Connect with the header x-api-key and the value of a key of the stage; this prints one."
		commands = append(commands, value)
	default:
		finding.Fix.Text = "Send the value of a key of the stage in the header x-api-key."
		sent := c.again()
		sent.headers = []placed{{"x-api-key", "$(" + value + ")"}}
		sending, leftOut := c.curl(&sent)
		finding.Fix.Text += leftOut
		commands = append(commands, sending)
	}
	finding.Fix.Command = then(commands...)
}

// fixKeySource is for keys that the authorizer has to return; printed prints one.
func (c *diagnosed) fixKeySource(finding *Finding, printed string) {
	if found, ok := c.authorizer(); ok && found.uri != "" {
		fix := c.fixFunction("Let the authorizer return the value of a key of the stage as usageIdentifierKey; the command prints one.")
		finding.Fix = Fix{Text: fix.Text, Command: then(printed, fix.Command)}
		return
	}
	finding.Fix = Fix{
		Text:    "Take keys from the header x-api-key, as no authorizer of the method returns one, and deploy; or give the method a Lambda authorizer that returns a usageIdentifierKey.",
		Command: then(c.apigateway("update-rest-api", "--patch-operations", patch(replace("/apiKeySource", "HEADER"))), c.deploy()),
	}
	if valueOf(c.headers, "x-api-key") == "" {
		finding.Fix.Text += " This prints a key of the stage, for the header."
		finding.Fix.Command = then(finding.Fix.Command, printed)
	}
}

// remaining is what the command of an exhausted quota leaves to the client.
const remaining = "1000"

func fixQuota(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Fix = Fix{
		Text: "Give the key more for this period, or raise the plan's quota for all its keys; either holds at once.",
		Command: command("aws", "apigateway", "update-usage", "--usage-plan-id", c.fact(record.UsagePlanId), "--key-id", c.fact(record.ApiKeyId),
			"--patch-operations", patch(replace("/remaining", remaining))),
	}
}

// fixPlanThrottle raises the limit of a usage plan: of the method, where the plan has one
// for it, else its own.
func fixPlanThrottle(c *diagnosed, finding *Finding) {
	at := "/throttle/"
	if method, ok := strings.CutPrefix(c.fact(record.ThrottleLevel), usageplan.LevelPlanMethod+" "); ok {
		at = "/apiStages/" + c.stageOfPlan() + "/throttle/" + pointer(c.record.ResourcePath) + "/" + method + "/"
	}
	finding.Fix = Fix{
		Text: "Send fewer requests with the key, or raise the plan's limits; no deployment is needed.",
		Command: command("aws", "apigateway", "update-usage-plan", "--usage-plan-id", c.fact(record.UsagePlanId), "--patch-operations",
			patch(replace(at+"rateLimit", rate), replace(at+"burstLimit", burst))),
	}
}
