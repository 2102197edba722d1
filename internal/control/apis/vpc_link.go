package apis

import (
	"context"
	"unicode/utf8"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/control/list"
	"gatehouse/internal/control/vpclinks"
	"gatehouse/internal/fault"
)

const (
	linkPending   = "PENDING"
	linkAvailable = "AVAILABLE"
)

// CreateVpcLink makes a VPC link. It answers PENDING, as AWS does; there are no network
// interfaces to wait for, so the link is AVAILABLE when anybody asks again.
func (s *Service) CreateVpcLink(ctx context.Context, in *apigatewayv2.CreateVpcLinkInput) (*apigatewayv2.CreateVpcLinkOutput, error) {
	created := apigwv2.VpcLink{
		Name: in.Name, SecurityGroupIds: in.SecurityGroupIds, SubnetIds: in.SubnetIds, Tags: in.Tags, CreatedDate: s.Now().UTC(),
		VpcLinkStatus: linkAvailable, VpcLinkStatusMessage: messageVpcLinkReady,
	}
	err := s.updateServed(ctx, func(p place) error {
		if len(created.SubnetIds) == 0 {
			return badRequest(messageVpcLinkSubnets)
		}
		var err error
		if created.VpcLinkId, err = newId(p, records.VpcLinks, s.Ids.Resource); err != nil {
			return err
		}
		return p.putVpcLink(created)
	})
	if err != nil {
		return nil, err
	}
	created.VpcLinkStatus, created.VpcLinkStatusMessage = linkPending, messageVpcLinkPending
	return (*apigatewayv2.CreateVpcLinkOutput)(vpcLinkOutput(created)), nil
}

// GetVpcLink returns a VPC link.
func (s *Service) GetVpcLink(ctx context.Context, in *apigatewayv2.GetVpcLinkInput) (*apigatewayv2.GetVpcLinkOutput, error) {
	found, err := s.view(ctx).vpcLink(in.VpcLinkId)
	if err != nil {
		return nil, err
	}
	return vpcLinkOutput(found), nil
}

// GetVpcLinks lists the VPC links of version 2.
func (s *Service) GetVpcLinks(ctx context.Context, in *apigatewayv2.GetVpcLinksInput) (*apigatewayv2.GetVpcLinksOutput, error) {
	p := s.view(ctx)
	all, err := records.VpcLinks.List(p.r, p.at)
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(l apigwv2.VpcLink) string { return l.VpcLinkId }, pageRequest{in.NextToken, in.MaxResults})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetVpcLinksOutput{Items: list.Convert(found.Items, vpcLinkItem), NextToken: found.Next}, nil
}

// UpdateVpcLink changes the name of a VPC link; nothing else of it can change.
func (s *Service) UpdateVpcLink(ctx context.Context, in *apigatewayv2.UpdateVpcLinkInput) (*apigatewayv2.UpdateVpcLinkOutput, error) {
	var updated apigwv2.VpcLink
	err := s.update(ctx, func(p place) error {
		var err error
		if updated, err = p.vpcLink(in.VpcLinkId); err != nil {
			return err
		}
		set(&updated.Name, in.Name)
		return p.putVpcLink(updated)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.UpdateVpcLinkOutput)(vpcLinkOutput(updated)), nil
}

// DeleteVpcLink deletes a VPC link that no integration uses, neither of an API as it is
// edited nor of a deployment that a stage serves.
func (s *Service) DeleteVpcLink(ctx context.Context, in *apigatewayv2.DeleteVpcLinkInput) (*apigatewayv2.DeleteVpcLinkOutput, error) {
	err := s.updateServed(ctx, func(p place) error {
		if _, err := p.vpcLink(in.VpcLinkId); err != nil {
			return err
		}
		live, deployed, err := records.VpcLinkReferences(p.r, p.scope, in.VpcLinkId)
		if err != nil {
			return err
		}
		if message, f := vpclinks.Refusal(in.VpcLinkId, live, deployed, "aws", "apigatewayv2", "delete-vpc-link", "--vpc-link-id", in.VpcLinkId); f != nil {
			return fault.Refuse(badRequest(message), f)
		}
		records.VpcLinks.Delete(p.tx, p.at, in.VpcLinkId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteVpcLinkOutput{}, nil
}

func (p place) vpcLink(id string) (apigwv2.VpcLink, error) {
	return find(p, records.VpcLinks, invalidIdentifier("VpcLink"), id)
}

func (p place) putVpcLink(link apigwv2.VpcLink) error {
	if length := utf8.RuneCountInString(link.Name); length == 0 || length > nameLimit {
		return badRequest(messageInvalidName)
	}
	if err := validateTags(link.Tags); err != nil {
		return err
	}
	return records.VpcLinks.Put(p.tx, link, p.at, link.VpcLinkId)
}

func vpcLinkOutput(l apigwv2.VpcLink) *apigatewayv2.GetVpcLinkOutput {
	return &apigatewayv2.GetVpcLinkOutput{
		CreatedDate: seconds(l.CreatedDate), Name: &l.Name, SecurityGroupIds: append([]string{}, l.SecurityGroupIds...),
		SubnetIds: append([]string{}, l.SubnetIds...), Tags: entries(l.Tags), VpcLinkId: &l.VpcLinkId,
		VpcLinkStatus: apigatewayv2.VpcLinkStatus(l.VpcLinkStatus), VpcLinkStatusMessage: optional(l.VpcLinkStatusMessage),
		VpcLinkVersion: apigatewayv2.VpcLinkVersionV2,
	}
}

func vpcLinkItem(l apigwv2.VpcLink) apigatewayv2.VpcLink {
	out := vpcLinkOutput(l)
	return apigatewayv2.VpcLink{
		CreatedDate: out.CreatedDate, Name: l.Name, SecurityGroupIds: out.SecurityGroupIds, SubnetIds: out.SubnetIds, Tags: out.Tags,
		VpcLinkId: l.VpcLinkId, VpcLinkStatus: out.VpcLinkStatus, VpcLinkStatusMessage: out.VpcLinkStatusMessage, VpcLinkVersion: out.VpcLinkVersion,
	}
}
