package stagecache

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"time"

	"gatehouse/internal/integration"
)

// Entry is an answer of an integration. It is shared by all who get it: nobody may change it.
type Entry struct {
	StatusCode int
	Headers    []integration.Field
	Body       []byte
	// Selection, InvokeStatusCode, ErrorMessage and Proxy are what the pipeline read of it.
	Selection        string
	InvokeStatusCode int
	ErrorMessage     string
	Proxy            *integration.ProxyResponse
}

// Found is an entry with its age, and how long it was to be kept.
type Found struct {
	Entry
	Age, Ttl time.Duration
}

// kept is an entry in a cluster: as it is, or sealed.
type kept struct {
	entry   *Entry
	sealed  []byte
	at      time.Time
	ttl     time.Duration
	payload uint32 // bytes
}

// Overheads of an entry and of each of its headers beside their texts, bytes, about.
const (
	entryOverhead  = 512
	headerOverhead = 32
)

func (e *Entry) size() int {
	size := entryOverhead + len(e.Body) + len(e.Selection) + len(e.ErrorMessage) + sizeOf(e.Headers)
	if e.Proxy != nil {
		size += len(e.Proxy.Body) + sizeOf(e.Proxy.Headers)
	}
	return size
}

func sizeOf(fields []integration.Field) int {
	size := 0
	for i := range fields {
		size += headerOverhead + len(fields[i].Name) + len(fields[i].Value)
	}
	return size
}

// seal encrypts an entry for its key: what is sealed opens under no other.
func (c *Clusters) seal(entry *Entry, key string) ([]byte, error) {
	var plain bytes.Buffer
	if err := gob.NewEncoder(&plain).Encode(entry); err != nil {
		return nil, fmt.Errorf("encoding an entry: %w", err)
	}
	return c.aead.Seal(nil, nil, plain.Bytes(), []byte(key)), nil
}

func (c *Clusters) unseal(sealed []byte, key string) (*Entry, error) {
	plain, err := c.aead.Open(nil, nil, sealed, []byte(key))
	if err != nil {
		return nil, fmt.Errorf("opening an entry: %w", err)
	}
	entry := &Entry{}
	if err := gob.NewDecoder(bytes.NewReader(plain)).Decode(entry); err != nil {
		return nil, fmt.Errorf("decoding an entry: %w", err)
	}
	return entry, nil
}
