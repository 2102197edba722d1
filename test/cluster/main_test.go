package cluster

import (
	"testing"

	"gatehouse/test/natscluster"
)

func TestMain(m *testing.M) {
	natscluster.Main()
	m.Run()
}
