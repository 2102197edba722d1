package jetstream

import (
	"context"
	"testing"

	"go.uber.org/goleak"

	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
)

func open(t testing.TB, config Config) *Store {
	t.Helper()
	s, err := Open(context.Background(), config)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return s
}

func TestContractEmbedded(t *testing.T) {
	defer goleak.VerifyNone(t)
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, Config{Dir: t.TempDir()}) })
}
