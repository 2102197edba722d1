package restapis

import (
	"context"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
	"gatehouse/internal/control/vpclinks"
	"gatehouse/internal/fault"
	"gatehouse/internal/loadbalancer"
	loadbalancers "gatehouse/internal/loadbalancer/records"
	"gatehouse/internal/store"
)

// AWS's texts about VPC links. "Observed": seen in answers that the public has reported.
const (
	// Observed.
	messageManyTargetArns  = "More than one target arn specified for vpc link."
	statusMessageMalformed = "NLB ARN is malformed"
	statusMessageReady     = "Your vpc link is ready for use" // the aws CLI's example of update-vpc-link

	// Unconfirmed.
	messageInvalidVpcLink = "Invalid VpcLink identifier specified"
	messageNoTargetArn    = "A target arn must be specified for vpc link."
	statusMessageMissing  = "NLB does not exist"
)

// CreateVpcLink makes a VPC link to a network load balancer. It answers PENDING, as AWS
// does; there is nothing to wait for, so whoever asks next learns what became of it.
func (s *Service) CreateVpcLink(ctx context.Context, in *apigateway.CreateVpcLinkInput) (*apigateway.VpcLink, error) {
	created := apigw.VpcLink{Name: in.Name, Description: text(in.Description), TargetArns: in.TargetArns, Tags: in.Tags}
	if err := validateVpcLink(&created); err != nil {
		return nil, err
	}
	at := records.Scope(scopeOf(ctx))
	err := s.transact(ctx, func(tx *store.Tx) error {
		created.Status, created.StatusMessage = s.resolveVpcLink(tx, at, created.TargetArns[0])
		var err error
		if created.Id, err = s.newVpcLinkId(tx, at); err != nil {
			return err
		}
		return records.RestVpcLinks.Put(tx, created, at, created.Id)
	})
	if err != nil {
		return nil, err
	}
	created.Status, created.StatusMessage = string(apigateway.VpcLinkStatusPending), ""
	return vpcLinkOutput(created), s.awaitPublished(ctx)
}

func validateVpcLink(l *apigw.VpcLink) error {
	switch {
	case l.Name == "":
		return badRequest(messageInvalidName)
	case len(l.TargetArns) == 0:
		return badRequest(messageNoTargetArn)
	case len(l.TargetArns) > 1:
		return badRequest(messageManyTargetArns)
	}
	return validateTags(l.Tags)
}

// resolveVpcLink says what becomes of a link to a load balancer.
func (s *Service) resolveVpcLink(r store.Reader, at store.Scope, targetArn string) (status, message string) {
	found, err := loadbalancers.LoadBalancers.Get(r, at, targetArn)
	switch {
	case !strings.Contains(targetArn, ":loadbalancer/net/"):
		return string(apigateway.VpcLinkStatusFailed), statusMessageMalformed
	case err == nil && found.Type == loadbalancer.TypeNetwork, s.DeclaresLoadBalancer != nil && s.DeclaresLoadBalancer(targetArn):
		return string(apigateway.VpcLinkStatusAvailable), statusMessageReady
	default:
		return string(apigateway.VpcLinkStatusFailed), statusMessageMissing
	}
}

// newVpcLinkId makes an id that no VPC link of either version has.
func (s *Service) newVpcLinkId(r store.Reader, at store.Scope) (string, error) {
	for {
		id, err := s.Ids.Resource()
		if err != nil || !records.RestVpcLinks.Has(r, at, id) && !records.VpcLinks.Has(r, at, id) {
			return id, err
		}
	}
}

// GetVpcLink returns a VPC link.
func (s *Service) GetVpcLink(ctx context.Context, in *apigateway.GetVpcLinkInput) (*apigateway.VpcLink, error) {
	found, err := findVpcLink(s.Store.View(), records.Scope(scopeOf(ctx)), in.VpcLinkId)
	if err != nil {
		return nil, err
	}
	return vpcLinkOutput(found), nil
}

// GetVpcLinks lists the VPC links of version 1.
func (s *Service) GetVpcLinks(ctx context.Context, in *apigateway.GetVpcLinksInput) (*apigateway.VpcLinks, error) {
	all, err := records.RestVpcLinks.List(s.Store.View(), records.Scope(scopeOf(ctx)))
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(l apigw.VpcLink) string { return l.Id }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	return &apigateway.VpcLinks{Items: convert(found.Items, vpcLinkOutput), Position: found.Next}, nil
}

// vpcLinkPatches: API reference, "Patch operations", UpdateVpcLink.
var vpcLinkPatches = patch.Table[apigw.VpcLink]{
	{Path: "/name", Replace: patch.String(func(l *apigw.VpcLink) *string { return &l.Name })},
	{Path: "/description", Replace: patch.String(func(l *apigw.VpcLink) *string { return &l.Description })},
}

// UpdateVpcLink patches a VPC link; where it leads cannot change.
func (s *Service) UpdateVpcLink(ctx context.Context, in *apigateway.UpdateVpcLinkInput) (*apigateway.VpcLink, error) {
	at := records.Scope(scopeOf(ctx))
	var updated apigw.VpcLink
	err := s.transact(ctx, func(tx *store.Tx) error {
		var err error
		if updated, err = findVpcLink(tx, at, in.VpcLinkId); err != nil {
			return err
		}
		if err := applyPatch(vpcLinkPatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		if err := validateVpcLink(&updated); err != nil {
			return err
		}
		return records.RestVpcLinks.Put(tx, updated, at, updated.Id)
	})
	if err != nil {
		return nil, err
	}
	out := vpcLinkOutput(updated)
	out.Tags = shownTags(out.Tags)
	return out, nil
}

// DeleteVpcLink deletes a VPC link that no integration uses, neither of an API as it is
// edited nor of a deployment that a stage serves.
func (s *Service) DeleteVpcLink(ctx context.Context, in *apigateway.DeleteVpcLinkInput) (*apigateway.DeleteVpcLinkOutput, error) {
	scope := scopeOf(ctx)
	at := records.Scope(scope)
	err := s.transact(ctx, func(tx *store.Tx) error {
		if _, err := findVpcLink(tx, at, in.VpcLinkId); err != nil {
			return err
		}
		live, deployed, err := records.VpcLinkReferences(tx, scope, in.VpcLinkId)
		if err != nil {
			return err
		}
		if message, f := vpclinks.Refusal(in.VpcLinkId, live, deployed, "aws", "apigateway", "delete-vpc-link", "--vpc-link-id", in.VpcLinkId); f != nil {
			return fault.Refuse(badRequest(message), f)
		}
		records.RestVpcLinks.Delete(tx, at, in.VpcLinkId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteVpcLinkOutput{}, s.awaitPublished(ctx)
}

func findVpcLink(r store.Reader, at store.Scope, id string) (apigw.VpcLink, error) {
	if !records.RestVpcLinks.Has(r, at, id) {
		return apigw.VpcLink{}, notFound(messageInvalidVpcLink)
	}
	return records.RestVpcLinks.Get(r, at, id)
}

func vpcLinkOutput(l apigw.VpcLink) *apigateway.VpcLink {
	return &apigateway.VpcLink{
		Id: &l.Id, Name: &l.Name, Description: optional(l.Description), TargetArns: l.TargetArns,
		Status: apigateway.VpcLinkStatus(l.Status), StatusMessage: optional(l.StatusMessage), Tags: l.Tags,
	}
}
