package restapis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/store"
)

// AWS's texts about client certificates; all are unconfirmed.
const (
	messageInvalidClientCertificate = "Invalid Client Certificate identifier specified"
	messageClientCertificatesLimit  = "Maximum number of Client Certificates for this account has been reached. Please contact AWS if you need additional Client Certificates."
	messageClientCertificateInUse   = "Client Certificate %s is in use by the following stages: %s"
)

// ClientCertificates makes and opens certificates; *clientcertificate.Keeper does.
type ClientCertificates interface {
	Generate(id string, now time.Time) (apigw.ClientCertificate, error)
	Open(certificate *apigw.ClientCertificate) (*integration.ClientCertificate, error)
}

var errNoClientCertificates = errors.New("the service was made without client certificates")

// GenerateClientCertificate makes a certificate, whose private key nobody sees.
func (s *Service) GenerateClientCertificate(ctx context.Context, in *apigateway.GenerateClientCertificateInput) (*apigateway.ClientCertificate, error) {
	if s.ClientCertificates == nil {
		return nil, errNoClientCertificates
	}
	if err := validateTags(in.Tags); err != nil {
		return nil, err
	}
	at := records.Scope(scopeOf(ctx))
	id, err := s.Ids.Resource()
	if err != nil {
		return nil, err
	}
	created, err := s.ClientCertificates.Generate(id, s.Now().UTC())
	if err != nil {
		return nil, err
	}
	created.Description, created.Tags = text(in.Description), in.Tags
	err = s.transact(ctx, func(tx *store.Tx) error {
		if len(records.ClientCertificates.IDs(tx, at)) >= apigw.ClientCertificatesLimit {
			return limitExceeded(messageClientCertificatesLimit)
		}
		if records.ClientCertificates.Has(tx, at, id) { // one id in two thousand million; whoever asks again gets another
			return conflict(messageConcurrentUpdate)
		}
		return records.ClientCertificates.Put(tx, created, at, id)
	})
	if err != nil {
		return nil, err
	}
	return clientCertificateOutput(created), nil
}

// GetClientCertificate returns a certificate.
func (s *Service) GetClientCertificate(ctx context.Context, in *apigateway.GetClientCertificateInput) (*apigateway.ClientCertificate, error) {
	found, err := findClientCertificate(s.Store.View(), records.Scope(scopeOf(ctx)), in.ClientCertificateId)
	if err != nil {
		return nil, err
	}
	return clientCertificateOutput(found), nil
}

// GetClientCertificates lists the certificates of the account in the region.
func (s *Service) GetClientCertificates(ctx context.Context, in *apigateway.GetClientCertificatesInput) (*apigateway.ClientCertificates, error) {
	all, err := records.ClientCertificates.List(s.Store.View(), records.Scope(scopeOf(ctx)))
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(c apigw.ClientCertificate) string { return c.ClientCertificateId }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	return &apigateway.ClientCertificates{Items: convert(found.Items, clientCertificateOutput), Position: found.Next}, nil
}

// clientCertificatePatches: API reference, "Patch operations", UpdateClientCertificate.
var clientCertificatePatches = patch.Table[apigw.ClientCertificate]{
	{Path: "/description", Replace: patch.String(func(c *apigw.ClientCertificate) *string { return &c.Description })},
}

// UpdateClientCertificate patches a certificate's description.
func (s *Service) UpdateClientCertificate(ctx context.Context, in *apigateway.UpdateClientCertificateInput) (*apigateway.ClientCertificate, error) {
	at := records.Scope(scopeOf(ctx))
	var updated apigw.ClientCertificate
	err := s.transact(ctx, func(tx *store.Tx) error {
		var err error
		if updated, err = findClientCertificate(tx, at, in.ClientCertificateId); err != nil {
			return err
		}
		if err := applyPatch(clientCertificatePatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		return records.ClientCertificates.Put(tx, updated, at, updated.ClientCertificateId)
	})
	if err != nil {
		return nil, err
	}
	return clientCertificateOutput(updated), nil
}

// DeleteClientCertificate deletes a certificate that no stage shows.
func (s *Service) DeleteClientCertificate(ctx context.Context, in *apigateway.DeleteClientCertificateInput) (*apigateway.DeleteClientCertificateOutput, error) {
	scope, id := scopeOf(ctx), in.ClientCertificateId
	err := s.transact(ctx, func(tx *store.Tx) error {
		if _, err := findClientCertificate(tx, records.Scope(scope), id); err != nil {
			return err
		}
		stages, err := records.StagesWithClientCertificate(tx, scope, id)
		if err != nil {
			return err
		}
		if len(stages) > 0 {
			return clientCertificateInUse(id, stages)
		}
		records.ClientCertificates.Delete(tx, records.Scope(scope), id)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteClientCertificateOutput{}, nil
}

// clientCertificateInUse refuses to delete what stages show.
func clientCertificateInUse(id string, stages []string) error {
	f := fault.New(fault.InUse)
	f.Checked, f.Found = "the stages with clientCertificateId "+id, strings.Join(stages, ", ")
	f.Wanted = "no stage that shows the certificate to its backends"
	f.Fix = "Take the certificate from the stages, or give them another that their backends trust, then delete it."
	commands := make([]string, 0, len(stages)+1)
	for _, stage := range stages {
		apiId, stageName, _ := strings.Cut(stage, "/")
		commands = append(commands, fault.Command("aws", "apigateway", "update-stage", "--rest-api-id", apiId, "--stage-name", stageName,
			"--patch-operations", "op=replace,path=/clientCertificateId,value="))
	}
	f.Command = strings.Join(append(commands, fault.Command("aws", "apigateway", "delete-client-certificate", "--client-certificate-id", id)), " &&\n")
	return fault.Refuse(badRequest(fmt.Sprintf(messageClientCertificateInUse, id, strings.Join(stages, ", "))), f)
}

func findClientCertificate(r store.Reader, at store.Scope, id string) (apigw.ClientCertificate, error) {
	if !records.ClientCertificates.Has(r, at, id) {
		return apigw.ClientCertificate{}, notFound(messageInvalidClientCertificate)
	}
	return records.ClientCertificates.Get(r, at, id)
}

// openClientCertificate opens the certificate of a test; nil without one.
func (a api) openClientCertificate(id string) (*integration.ClientCertificate, error) {
	if id == "" {
		return nil, nil // no certificate is a choice
	}
	found, err := findClientCertificate(a.r, a.at, id)
	if err != nil {
		return nil, err
	}
	if a.service.ClientCertificates == nil {
		return nil, errNoClientCertificates
	}
	return a.service.ClientCertificates.Open(&found)
}

func clientCertificateOutput(c apigw.ClientCertificate) *apigateway.ClientCertificate {
	return &apigateway.ClientCertificate{
		ClientCertificateId: &c.ClientCertificateId, Description: optional(c.Description), PemEncodedCertificate: &c.PemEncodedCertificate,
		CreatedDate: seconds(c.CreatedDate), ExpirationDate: seconds(c.ExpirationDate), Tags: c.Tags,
	}
}
