package telemetry

import (
	"fmt"
	"strings"
)

// Storing is how the storing of configuration goes.
type Storing struct {
	// Writable says whether writes succeed at present.
	Writable bool
	// Free is the room on the disk of the data directory in bytes; Local says that there is one.
	Free  uint64
	Local bool
	// Refused counts the writes that were refused, Recoveries how often they succeeded again.
	Refused, Recoveries uint64
}

// write adds the series.
func (s Storing) write(b *strings.Builder) {
	writable := 0
	if s.Writable {
		writable = 1
	}
	writeFamily(b, "gatehouse_store_writable", "1 while configuration can be stored, 0 while writes are refused; requests are served all the same.", "gauge")
	fmt.Fprintf(b, "gatehouse_store_writable %d\n", writable)
	if s.Local {
		writeFamily(b, "gatehouse_store_free_bytes", "Room on the disk of the data directory.", "gauge")
		fmt.Fprintf(b, "gatehouse_store_free_bytes %d\n", s.Free)
	}
	writeFamily(b, "gatehouse_store_refused_writes_total", "Writes that were refused because they could not be stored.", "counter")
	fmt.Fprintf(b, "gatehouse_store_refused_writes_total %d\n", s.Refused)
	writeFamily(b, "gatehouse_store_recoveries_total", "How often writes succeeded again after they were refused.", "counter")
	fmt.Fprintf(b, "gatehouse_store_recoveries_total %d\n", s.Recoveries)
}
