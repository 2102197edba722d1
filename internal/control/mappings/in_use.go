// Package mappings says why a stage or an API cannot be deleted while a custom domain name
// leads to it, and what to do about it: APIs of all kinds are refused alike.
//
// It reads and changes no record: apigw/records finds the mappings, control/restapis and
// control/apis are the operations. Begin at Refusal.
package mappings

import (
	"strings"

	"gatehouse/internal/apigw/records"
	"gatehouse/internal/fault"
)

// Refusal is the fault behind the refusal to delete what, "stage prod" say.
func Refusal(what string, mapped []records.Mapped) *fault.Fault {
	var commands []string
	for _, one := range mapped {
		commands = append(commands, fault.Command("aws", "apigatewayv2", "delete-api-mapping", "--domain-name", one.DomainName, "--api-mapping-id", one.Mapping.ApiMappingId))
	}
	f := fault.New(fault.InUse)
	f.Checked, f.Found = "the mappings of custom domain names to "+what, what+" is used by the mappings "+Paths(mapped)
	f.Wanted = "no mapping that leads to " + what
	f.Fix = "Delete the mappings, or let them lead elsewhere, then delete " + what + "."
	f.Command = strings.Join(commands, " &&\n")
	return f
}

// Paths lists the mappings for people, "api.example.com/v1".
func Paths(mapped []records.Mapped) string {
	paths := make([]string, len(mapped))
	for i, one := range mapped {
		paths[i] = strings.TrimSuffix(one.DomainName+"/"+one.Mapping.ApiMappingKey, "/")
	}
	return strings.Join(paths, ", ")
}
