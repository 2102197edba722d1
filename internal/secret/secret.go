// Package secret encrypts what must be kept and must not be readable where it is kept:
// secret access keys in the store, and the contents of session tokens in the hands of
// clients. The key is a file of mode 0600 in a directory of its own beside the data
// directory, so that a copy of the data alone tells nothing, and so that the sandbox of
// functions can hide it.
//
// It is not for passwords, which nobody has to read again, and it does not decide who
// may open a secret. It knows no user and no store.
//
// Begin at Open, which reads the key file or makes it, then Box.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	keySize = 32 // bytes: AES-256
	// fingerprintSize is how much of the key's fingerprint goes with every sealed text.
	fingerprintSize  = 4
	version          = 1
	keyFileMode      = 0o600
	keyDirectoryMode = 0o700
	keyFileHead      = "gatehouse-key-1 "
	maxKeyFileSize   = 1 << 10
)

// Errors of opening; test with errors.Is.
var (
	// ErrOtherKey says that something was sealed with another key than the one at hand.
	ErrOtherKey = errors.New("sealed with another key")
	// ErrDamaged says that a sealed text is none, was changed, or was sealed for another purpose or owner.
	ErrDamaged = errors.New("not a sealed text, or changed")
	// ErrKeyFile says that the key file cannot be used.
	ErrKeyFile = errors.New("key file")
)

// Keeper holds the key and derives one Box for each purpose from it.
type Keeper struct {
	key    []byte
	random io.Reader
}

// PathOf is where the key of a data directory is: beside it, so that whoever copies the
// directory does not copy the key. Its directory holds nothing else.
func PathOf(dataDirectory string) string {
	return filepath.Join(filepath.Clean(dataDirectory)+".secret", "key")
}

// Open reads a key file, or makes one of mode 0600 when there is none. Errors:
// ErrKeyFile when others than the owner may read it, or when it holds no key.
func Open(path string, random io.Reader) (*Keeper, error) {
	keeper, err := read(path, random)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path, random); err != nil {
			return nil, err
		}
		keeper, err = read(path, random)
	}
	return keeper, err
}

// New makes a Keeper of a key of 32 bytes, for tests and for keys that come from elsewhere.
func New(key []byte, random io.Reader) (*Keeper, error) {
	if len(key) != keySize {
		return nil, fmt.Errorf("%w: a key has %d bytes, not %d", ErrKeyFile, keySize, len(key))
	}
	return &Keeper{key: key, random: random}, nil
}

func read(path string, random io.Reader) (*Keeper, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the key file: %w", err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("reading the key file: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%w: %s has mode %04o; only its owner may read it: chmod 600 %s", ErrKeyFile, path, info.Mode().Perm(), path)
	}
	text, err := io.ReadAll(io.LimitReader(file, maxKeyFileSize))
	if err != nil {
		return nil, fmt.Errorf("reading the key file: %w", err)
	}
	encoded, found := strings.CutPrefix(strings.TrimSpace(string(text)), keyFileHead)
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !found || err != nil || len(key) != keySize {
		// The file's content, and the decoder's error, which quotes from it, stay out of the text.
		return nil, fmt.Errorf("%w: %s holds no key", ErrKeyFile, path)
	}
	return New(key, random)
}

// create writes a new key: whole under another name first, then linked, so that two
// servers that start at once get the same key, and none half of one.
func create(path string, random io.Reader) error {
	key := make([]byte, keySize)
	if _, err := io.ReadFull(random, key); err != nil {
		return fmt.Errorf("making a key: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), keyDirectoryMode); err != nil {
		return fmt.Errorf("making the directory of the key: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".gatehouse-key-")
	if err != nil {
		return fmt.Errorf("making the key file: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }()
	err = errors.Join(
		file.Chmod(keyFileMode),
		writeAll(file, keyFileHead+base64.StdEncoding.EncodeToString(key)+"\n"),
		file.Sync(),
		file.Close(),
	)
	if err != nil {
		return fmt.Errorf("writing the key file: %w", err)
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("making the key file: %w", err)
	}
	return nil
}

func writeAll(w io.StringWriter, text string) error {
	_, err := w.WriteString(text)
	return err
}

// String tells nothing, so that printing a Keeper tells no key.
func (k *Keeper) String() string { return "keeper of a key" }

// Box returns what seals and opens for one purpose. What one purpose sealed, no other opens.
func (k *Keeper) Box(purpose string) *Box {
	block, err := aes.NewCipher(k.derive("gatehouse box: "+purpose, keySize))
	if err != nil {
		panic("secret: " + err.Error()) // the size of the key is a constant
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic("secret: " + err.Error())
	}
	return &Box{aead: aead, random: k.random, fingerprint: k.derive("gatehouse fingerprint", fingerprintSize)}
}

// derive makes a key of its own of the keeper's.
func (k *Keeper) derive(info string, size int) []byte {
	derived, err := hkdf.Key(sha256.New, k.key, nil, info, size)
	if err != nil {
		panic("secret: deriving " + info + ": " + err.Error()) // sizes are constants far below HKDF's limit
	}
	return derived
}

// Box seals and opens texts with AES-256-GCM. It is safe for concurrent use.
type Box struct {
	aead        cipher.AEAD
	random      io.Reader
	fingerprint []byte
}

// Seal encrypts a text for an owner, who must be named again to open it: a sealed text
// that was moved to another owner's record does not open there. The result is base64.
func (b *Box) Seal(text []byte, owner string) (string, error) {
	head := make([]byte, 1+fingerprintSize+b.aead.NonceSize(), 1+fingerprintSize+b.aead.NonceSize()+len(text)+b.aead.Overhead())
	head[0] = version
	copy(head[1:], b.fingerprint)
	nonce := head[1+fingerprintSize:]
	if _, err := io.ReadFull(b.random, nonce); err != nil {
		return "", fmt.Errorf("sealing: %w", err)
	}
	return base64.StdEncoding.EncodeToString(b.aead.Seal(head, nonce, text, []byte(owner))), nil
}

// Open decrypts what Seal returned. Errors: ErrOtherKey, ErrDamaged; they never quote
// from what was sealed.
func (b *Box) Open(sealed, owner string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	start := 1 + fingerprintSize + b.aead.NonceSize()
	if err != nil || len(raw) < start || raw[0] != version {
		return nil, ErrDamaged
	}
	if string(raw[1:1+fingerprintSize]) != string(b.fingerprint) {
		return nil, ErrOtherKey
	}
	text, err := b.aead.Open(nil, raw[1+fingerprintSize:start], raw[start:], []byte(owner))
	if err != nil {
		return nil, ErrDamaged
	}
	return text, nil
}
