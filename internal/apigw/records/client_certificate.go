package records

import (
	"gatehouse/internal/apigw"
	"gatehouse/internal/store"
)

// ClientCertificates is keyed by clientCertificateId.
var ClientCertificates = store.NewCollection[apigw.ClientCertificate]("ClientCertificate")

// StagesWithClientCertificate are the stages that show a certificate to their backends,
// as {restApiId}/{stageName}.
func StagesWithClientCertificate(r store.Reader, scope apigw.Scope, id string) ([]string, error) {
	at := Scope(scope)
	var found []string
	for record := range r.List(Stages.Key(at)) {
		stage, err := Stages.Decode(record)
		if err != nil {
			return nil, err
		}
		if stage.ClientCertificateId == id {
			segments := record.Key.Segments()
			found = append(found, segments[len(segments)-2]+"/"+stage.StageName)
		}
	}
	return found, nil
}
