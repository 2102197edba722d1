package memory_test

import (
	"testing"

	"go.uber.org/goleak"

	"gatehouse/internal/store"
	"gatehouse/internal/store/memory"
	"gatehouse/internal/store/storetest"
)

func TestContract(t *testing.T) {
	defer goleak.VerifyNone(t)
	storetest.Run(t, func(*testing.T) store.Store { return memory.New() })
}
