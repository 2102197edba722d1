// Package vpclinks says why a VPC link cannot be deleted, and what to do about it: links
// of both versions are refused alike.
//
// It reads and changes no record: apigw/records finds the uses, control/restapis and
// control/apis are the operations. Begin at Refusal.
package vpclinks

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/internal/apigw/records"
	"gatehouse/internal/fault"
)

// messageInUse is observed, with both forms.
const messageInUse = "Cannot delete vpc link. Vpc link '%s', is referenced in [%s] in format of [%s]."

// Refusal is what the client is told of a link that live integrations or deployed ones
// use, and the fault behind it; deletion is the command that was refused. A link that
// nobody uses has an empty message.
func Refusal(id string, live, deployed []records.VpcLinkReference, deletion ...string) (message string, f *fault.Fault) {
	switch {
	case len(live) > 0:
		message, f = inUse(id, live, "Method:Resource")
		f.Fix = "Switch the integrations to another link or to the internet, deploy to the same stages, then delete the link."
		if list, ok := switches(live); ok {
			f.Command = commands(list, deployments(deployed), deletion)
		}
	case len(deployed) > 0:
		message, f = inUse(id, deployed, "Method:Resource:Stage")
		if list, ok := unsetVariables(deployed); ok {
			f.Found += "; variables of these stages name it"
			f.Fix = "Let the stage variables name another link, in place of $LINK, then delete this one."
			f.Command = commands(list, nil, deletion)
			return message, f
		}
		f.Found += "; no integration uses it any more, and these stages still serve what was deployed before"
		f.Fix = "Deploy to these stages what the APIs are now, then delete the link."
		f.Command = commands(nil, deployments(deployed), deletion)
	}
	return message, f
}

func inUse(id string, references []records.VpcLinkReference, form string) (string, *fault.Fault) {
	texts := []string{}
	for _, reference := range references {
		if text := reference.String(); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	list := strings.Join(texts, ", ")
	f := fault.New(fault.InUse)
	f.Checked, f.Found = "references to VPC link "+id, list+" ("+form+")"
	f.Wanted = "no integration, and no deployment that a stage runs, that uses it"
	return fmt.Sprintf(messageInUse, id, list, form), f
}

// switches make integrations leave the link for the internet; false where one names a
// listener, which nothing on the internet is.
func switches(live []records.VpcLinkReference) (list []string, ok bool) {
	for _, reference := range live {
		if strings.HasPrefix(reference.Uri, "arn:") {
			return nil, false
		}
		if reference.IntegrationId != "" {
			list = append(list, fault.Command("aws", "apigatewayv2", "update-integration", "--api-id", reference.ApiId, "--integration-id", reference.IntegrationId,
				"--connection-type", "INTERNET"))
			continue
		}
		list = append(list, fault.Command("aws", "apigateway", "update-integration", "--rest-api-id", reference.ApiId, "--resource-id", reference.Resource,
			"--http-method", reference.HttpMethod, "--patch-operations", "op=replace,path=/connectionType,value=INTERNET"))
	}
	return slices.Compact(list), true
}

// unsetVariables have stage variables name another link; false where a deployed
// integration names the link itself.
func unsetVariables(deployed []records.VpcLinkReference) (list []string, ok bool) {
	for _, reference := range deployed {
		switch {
		case reference.StageVariable == "":
			return nil, false
		case reference.IntegrationId != "":
			list = append(list, fault.Command("aws", "apigatewayv2", "update-stage", "--api-id", reference.ApiId, "--stage-name", reference.StageName, "--stage-variables")+
				" "+reference.StageVariable+`="$LINK"`)
		default:
			list = append(list, fault.Command("aws", "apigateway", "update-stage", "--rest-api-id", reference.ApiId, "--stage-name", reference.StageName, "--patch-operations")+
				` "op=replace,path=/variables/`+reference.StageVariable+`,value=$LINK"`)
		}
	}
	slices.Sort(list)
	return slices.Compact(list), true
}

// deployments have stages serve what the APIs are now.
func deployments(deployed []records.VpcLinkReference) []string {
	var list []string
	for _, reference := range deployed {
		if reference.AutoDeploy {
			continue
		}
		words := []string{"aws", "apigateway", "create-deployment", "--rest-api-id", reference.ApiId}
		if reference.IntegrationId != "" {
			words = []string{"aws", "apigatewayv2", "create-deployment", "--api-id", reference.ApiId}
		}
		list = append(list, fault.Command(append(words, "--stage-name", reference.StageName)...))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func commands(switches, deployments, deletion []string) string {
	return strings.Join(append(append(slices.Clone(switches), deployments...), fault.Command(deletion...)), " &&\n")
}
