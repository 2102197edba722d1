package diagnosis_test

import (
	"testing"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/diagnosis"
	"gatehouse/internal/fault"
)

// A refused operation says who asked for what, and what mends it: its own words where
// the operation has some, else those of its kind.
func TestRefusedOperation(t *testing.T) {
	refused := func(f *fault.Fault) *diagnosis.Explanation {
		return new(diagnosis.Explainer).Explain(&record.Record{Summary: record.Summary{
			Method:   record.Method{AccountId: "111122223333", Region: "eu-west-1", ProtocolType: record.ControlPlane, ResourcePath: "apigateway:GetRestApi"},
			Exchange: record.Exchange{StatusCode: 404, Fault: f},
		}})
	}
	plain := refused(fault.New(fault.NotFound))
	if plain.Operation != "apigateway:GetRestApi" || plain.ResourcePath != "" || plain.Checked != "apigateway:GetRestApi in account 111122223333, region eu-west-1" {
		t.Errorf("%+v", plain)
	}
	contains(t, plain.Fix.Text, "Compare the id")
	f := fault.New(fault.DeploymentInUse)
	f.Checked, f.Fix, f.Command = "the stages", "Deploy anew.", "aws apigateway create-deployment"
	told := refused(f)
	if told.Checked != "the stages" || told.Fix.Text != "Deploy anew." || told.Fix.Command != f.Command {
		t.Errorf("%+v", told.Finding)
	}
}
