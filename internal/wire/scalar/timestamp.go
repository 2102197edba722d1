package scalar

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// The formats of timestamps, spelled as in the models.
const (
	ISO8601       = "iso8601"
	UnixTimestamp = "unixTimestamp"
	RFC822        = "rfc822"
)

// maxEpoch bounds seconds since 1970 to what a four-digit year can show.
const maxEpoch = 253402300799

// ParseTime reads a timestamp. ISO 8601 places take seconds since 1970 too, because AWS does.
func ParseTime(format, text string) (time.Time, error) {
	switch format {
	case RFC822:
		if at, err := http.ParseTime(text); err == nil {
			return at.UTC(), nil
		}
	case ISO8601:
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return at.UTC(), nil
		}
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no timestamp", text)
	}
	return fromEpoch(seconds)
}

// fromEpoch turns seconds since 1970, with a fraction of milliseconds, into a time.
func fromEpoch(seconds float64) (time.Time, error) {
	if math.IsNaN(seconds) || math.Abs(seconds) > maxEpoch {
		return time.Time{}, fmt.Errorf("timestamp %v is out of range", seconds)
	}
	return time.UnixMilli(int64(math.Round(seconds * 1000))).UTC(), nil
}

// formatTime writes a timestamp to the millisecond; a whole second has no fraction.
func formatTime(format string, at time.Time) string {
	at = at.UTC().Truncate(time.Millisecond)
	switch format {
	case RFC822:
		return at.Format(http.TimeFormat)
	case ISO8601:
		return at.Format("2006-01-02T15:04:05.999Z")
	}
	if at.Nanosecond() == 0 {
		return strconv.FormatInt(at.Unix(), 10)
	}
	return strconv.FormatFloat(float64(at.UnixMilli())/1000, 'f', -1, 64)
}
