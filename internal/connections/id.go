package connections

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
)

// Node is a node of the cluster, as connection ids name it.
type Node uint32

// NodeOf is the Node of a node's name.
func NodeOf(name string) Node {
	sum := sha256.Sum256([]byte(name))
	return Node(binary.BigEndian.Uint32(sum[:]))
}

// The parts of an id, bytes. Together they leave one "=" at the end of its base64, as
// AWS's ids have.
const (
	nodeBytes   = 4
	uniqueBytes = 8
	plainBytes  = nodeBytes + uniqueBytes
	tagBytes    = 8
	idBytes     = plainBytes + tagBytes
	// IdLength is the length of a connection id, characters.
	IdLength = 28
)

// Ids mints and reads connection ids: the node and a random number, encrypted under a
// tag that authenticates both (a synthetic initialization vector). All nodes of a
// cluster share the key.
type Ids struct {
	Key    []byte // 32 bytes
	Random func() uint64
}

// ErrIdMalformed says that a text is not an id at all; ErrIdForeign that it has the
// form of one, and was not minted with this key: it comes from another server, or from
// before a change of the key.
var (
	ErrIdMalformed = errors.New("the text is not a connection id")
	ErrIdForeign   = errors.New("the connection id was minted by another server")
)

// New mints an id of a node. It does not begin with a hyphen, as AWS's do not: the aws CLI
// would take one for a flag.
func (i *Ids) New(node Node) string {
	const tries = 8 // each fails once in 64
	id := i.mint(node)
	for range tries {
		if id[0] != '-' {
			break
		}
		id = i.mint(node)
	}
	return id
}

func (i *Ids) mint(node Node) string {
	var plain [plainBytes]byte
	binary.BigEndian.PutUint32(plain[:], uint32(node))
	binary.BigEndian.PutUint64(plain[nodeBytes:], i.Random())
	tag := i.sum("tag", plain[:])
	var id [idBytes]byte
	copy(id[:], tag[:tagBytes])
	xor(id[tagBytes:], plain[:], i.sum("stream", id[:tagBytes]))
	return base64.URLEncoding.EncodeToString(id[:])
}

// Node reads the node out of an id.
func (i *Ids) Node(id string) (Node, error) {
	raw, err := base64.URLEncoding.DecodeString(id)
	if err != nil || len(raw) != idBytes {
		return 0, ErrIdMalformed
	}
	var plain [plainBytes]byte
	xor(plain[:], raw[tagBytes:], i.sum("stream", raw[:tagBytes]))
	if tag := i.sum("tag", plain[:]); !hmac.Equal(tag[:tagBytes], raw[:tagBytes]) {
		return 0, ErrIdForeign
	}
	return Node(binary.BigEndian.Uint32(plain[:])), nil
}

func (i *Ids) sum(purpose string, data []byte) []byte {
	hash := hmac.New(sha256.New, i.Key)
	hash.Write([]byte(purpose))
	hash.Write(data)
	return hash.Sum(nil)
}

func xor(dst, a, b []byte) {
	for i := range dst {
		dst[i] = a[i] ^ b[i]
	}
}
