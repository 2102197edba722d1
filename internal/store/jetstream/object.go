package jetstream

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"gatehouse/internal/store"
	"gatehouse/internal/store/jetstream/replicas"
)

const (
	// objectChunkBytes is the size of the messages an object is cut into; each is synced, so they are large.
	objectChunkBytes = 1 << 20
	// spoolBytes is how much of an object is held in memory while its digest is computed; more goes to a temporary file.
	spoolBytes = 8 << 20
)

// PutObject implements store.Store.
func (s *Store) PutObject(ctx context.Context, r io.Reader) (store.Digest, error) {
	if s.closing.Err() != nil {
		return "", store.ErrClosed
	}
	content, digest, size, err := spool(r)
	if err != nil {
		return "", fmt.Errorf("reading object: %w", err)
	}
	defer func() { _ = content.Close() }()
	ctx, end, err := s.Writing(ctx, size)
	if err != nil {
		return "", fmt.Errorf("putting object %s: %w", digest, err)
	}
	defer end()
	objects, err := s.openObjects(ctx)
	if err != nil {
		return "", err
	}
	if info, err := objects.GetInfo(ctx, digest.Hex()); err == nil {
		// Known already: writing its description again makes it young, so that a sweep spares it.
		if err := objects.UpdateMeta(ctx, info.Name, info.ObjectMeta); err == nil {
			return digest, nil
		}
	}
	meta := jetstream.ObjectMeta{Name: digest.Hex(), Opts: &jetstream.ObjectMetaOptions{ChunkSize: objectChunkBytes}}
	if _, err := objects.Put(ctx, meta, content); err != nil {
		return "", s.objectError("putting", digest, orCause(ctx, err))
	}
	return digest, nil
}

// GetObject implements store.Store.
func (s *Store) GetObject(ctx context.Context, digest store.Digest) (io.ReadCloser, error) {
	if digest.Hex() == "" {
		return nil, s.objectError("getting", digest, jetstream.ErrObjectNotFound)
	}
	objects, err := s.openObjects(ctx)
	if err != nil {
		return nil, err
	}
	result, err := objects.Get(ctx, digest.Hex())
	if err != nil {
		return nil, s.objectError("getting", digest, err)
	}
	return &verifiedReader{ReadCloser: result, digest: digest, hash: sha256.New()}, nil
}

// DeleteObject implements store.Store.
func (s *Store) DeleteObject(ctx context.Context, digest store.Digest) error {
	objects, err := s.openObjects(ctx)
	if err != nil {
		return err
	}
	if err := objects.Delete(ctx, digest.Hex()); err != nil && !errors.Is(err, jetstream.ErrObjectNotFound) {
		return s.objectError("deleting", digest, err)
	}
	return nil
}

// ListObjects implements store.Store.
func (s *Store) ListObjects(ctx context.Context) ([]store.Object, error) {
	objects, err := s.openObjects(ctx)
	if err != nil {
		return nil, err
	}
	infos, err := objects.List(ctx)
	if err != nil && !errors.Is(err, jetstream.ErrNoObjectsFound) {
		return nil, s.objectError("listing", "", err)
	}
	list := make([]store.Object, 0, len(infos))
	for _, info := range infos {
		list = append(list, store.Object{Digest: store.DigestPrefix + store.Digest(info.Name), Size: info.Size, ModTime: info.ModTime})
	}
	slices.SortFunc(list, func(a, b store.Object) int { return strings.Compare(string(a.Digest), string(b.Digest)) })
	return list, nil
}

// resetObjects deletes all objects.
func (s *Store) resetObjects(ctx context.Context) error {
	stream, err := s.js.Stream(ctx, s.objectStream())
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil
	}
	if err == nil {
		err = stream.Purge(ctx)
	}
	if err != nil {
		return fmt.Errorf("resetting objects: %w", err)
	}
	return nil
}

func (s *Store) bucket() string       { return s.config.Name + "-objects" }
func (s *Store) objectStream() string { return "OBJ_" + s.bucket() }

// changeObjects gives the bucket its replicas, if it is there.
func (s *Store) changeObjects(ctx context.Context) error {
	if s.config.Replicas == 0 {
		return nil
	}
	stream, err := s.js.Stream(ctx, s.objectStream())
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("opening object store: %w: %w", store.ErrUnavailable, err)
	}
	_, err = replicas.Change(ctx, s.js, stream, s.config.Replicas)
	return err
}

// openObjects opens the bucket, which is made when first needed so that a start need not wait for it.
func (s *Store) openObjects(ctx context.Context) (jetstream.ObjectStore, error) {
	if s.closing.Err() != nil {
		return nil, store.ErrClosed
	}
	s.objectsMu.Lock()
	defer s.objectsMu.Unlock()
	if s.objects != nil {
		return s.objects, nil
	}
	objects, err := s.js.ObjectStore(ctx, s.bucket())
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		objects, err = s.js.CreateObjectStore(ctx, jetstream.ObjectStoreConfig{
			Bucket:      s.bucket(),
			Description: "Objects of Gatehouse: function code and imports, named by SHA-256",
			Storage:     jetstream.FileStorage,
			Replicas:    max(s.config.Replicas, 1),
		})
	}
	if err != nil {
		return nil, fmt.Errorf("opening object store: %w: %w", store.ErrUnavailable, err)
	}
	s.objects = objects
	return objects, nil
}

func (s *Store) objectError(doing string, digest store.Digest, err error) error {
	switch {
	case errors.Is(err, jetstream.ErrObjectNotFound):
		err = store.ErrNotFound
	case errors.Is(err, jetstream.ErrDigestMismatch):
		err = store.ErrDamaged
	case s.closing.Err() != nil:
		return store.ErrClosed
	case isFailure(err):
		err = s.disk.sent(err)
	}
	return fmt.Errorf("%s object %s: %w", doing, digest, err)
}

// verifiedReader fails at the end when the bytes are not those of the digest.
type verifiedReader struct {
	io.ReadCloser
	digest store.Digest
	hash   hash.Hash
}

// Read implements io.Reader.
func (r *verifiedReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.hash.Write(p[:n])
	switch {
	case errors.Is(err, jetstream.ErrDigestMismatch):
		return n, fmt.Errorf("reading object %s: %w", r.digest, store.ErrDamaged)
	case err == io.EOF && store.DigestOf([sha256.Size]byte(r.hash.Sum(nil))) != r.digest: //nolint:errorlint // io.Reader returns io.EOF itself.
		return n, fmt.Errorf("reading object %s: %w", r.digest, store.ErrDamaged)
	}
	return n, err
}

// spool reads everything, because the name of an object is known only at its end.
func spool(r io.Reader) (content io.ReadCloser, digest store.Digest, size int, err error) {
	sum := sha256.New()
	var start bytes.Buffer
	n, err := io.Copy(&start, io.TeeReader(io.LimitReader(r, spoolBytes), sum))
	if err != nil {
		return nil, "", 0, err
	}
	if n < spoolBytes {
		return io.NopCloser(&start), store.DigestOf([sha256.Size]byte(sum.Sum(nil))), int(n), nil
	}
	file, err := os.CreateTemp("", "gatehouse-object-*")
	if err != nil {
		return nil, "", 0, err
	}
	_ = os.Remove(file.Name()) // It lives as long as it is open.
	written, err := io.Copy(file, io.MultiReader(&start, io.TeeReader(r, sum)))
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, "", 0, errors.Join(err, file.Close())
	}
	return file, store.DigestOf([sha256.Size]byte(sum.Sum(nil))), int(written), nil
}
