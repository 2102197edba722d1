package deploymenttest

import "gatehouse/internal/fixture"

// Archive and Section are the ones of package fixture.
type (
	Archive = fixture.Archive
	Section = fixture.Section
)

// ReadArchive reads a file.
func ReadArchive(path string) (*Archive, error) { return fixture.Read(path) }

// ParseArchive reads a text.
func ParseArchive(text string) *Archive { return fixture.Parse(text) }
