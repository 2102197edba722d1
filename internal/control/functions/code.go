package functions

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"

	api "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/store"
)

const (
	// zippedSizeLimit is "Deployment package (.zip file archive) size", zipped, for direct upload, bytes.
	zippedSizeLimit = 50 * 1024 * 1024
	// unzippedSizeLimit is the same, unzipped, bytes.
	unzippedSizeLimit = 250 * 1024 * 1024
)

// storeCode checks an archive, stores it and notes it in version.
func (s *Service) storeCode(ctx context.Context, version *Version, archive []byte) error {
	if len(archive) == 0 {
		return invalidParameter(messageNoCode)
	}
	if err := checkArchive(archive); err != nil {
		return err
	}
	digest, err := s.Store.PutObject(ctx, bytes.NewReader(archive))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(archive)
	version.CodeDigest, version.CodeSha256, version.CodeSize = digest, base64.StdEncoding.EncodeToString(sum[:]), int64(len(archive))
	return nil
}

func checkArchive(archive []byte) error {
	if len(archive) > zippedSizeLimit {
		return &api.RequestTooLargeException{Message: "Request must be smaller than 69905067 bytes for the CreateFunction operation", Type: &userError}
	}
	reader, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil || len(reader.File) == 0 {
		return invalidParameter(messageBadZip)
	}
	var size uint64
	for _, file := range reader.File {
		if size += file.UncompressedSize64; size > unzippedSizeLimit {
			return invalidParameter("Unzipped size must be smaller than %d bytes", unzippedSizeLimit)
		}
	}
	return nil
}

// UpdateFunctionCode replaces the code of $LATEST.
func (s *Service) UpdateFunctionCode(ctx context.Context, in *api.UpdateFunctionCodeInput) (*api.FunctionConfiguration, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, nil)
	if err != nil {
		return nil, err
	}
	if text(in.ImageUri) != "" {
		return nil, notServed(unsupportedImage)
	}
	if text(in.S3Bucket) != "" {
		return nil, notServed(unsupportedS3)
	}
	var code Version
	if err := s.storeCode(ctx, &code, in.ZipFile); err != nil {
		return nil, err
	}
	var shown *api.FunctionConfiguration
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		function, err := find(tx, name)
		if err != nil {
			return err
		}
		if in.RevisionId != nil && *in.RevisionId != function.Latest.RevisionId {
			return preconditionFailed()
		}
		if err := checkArchitecture(function.Latest.Runtime, in.Architectures); err != nil {
			return err
		}
		shown, err = s.putCode(tx, name, &function, code, in)
		return err
	})
	return shown, err
}

func (s *Service) putCode(tx *store.Tx, name functionName, function *Function, code Version, in *api.UpdateFunctionCodeInput) (*api.FunctionConfiguration, error) {
	latest := &function.Latest
	latest.CodeDigest, latest.CodeSha256, latest.CodeSize = code.CodeDigest, code.CodeSha256, code.CodeSize
	latest.LastModified, latest.RevisionId = s.Now(), s.NewId()
	if len(in.Architectures) > 0 {
		latest.Architecture = string(in.Architectures[0])
	}
	if in.DryRun != nil && *in.DryRun {
		return configuration(name, *latest), nil
	}
	shown := *latest
	if in.Publish != nil && *in.Publish {
		published, err := publish(tx, name, function, s.NewId())
		if err != nil {
			return nil, err
		}
		shown = published
	}
	return configuration(name, shown), functions.Put(tx, *function, name.scope, name.name)
}
