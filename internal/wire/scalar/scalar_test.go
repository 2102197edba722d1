package scalar

import (
	"math"
	"testing"
	"time"
)

func TestFormatTime(t *testing.T) {
	whole := time.Date(2023, 6, 1, 12, 0, 0, 0, time.UTC)
	part := whole.Add(250*time.Millisecond + 900*time.Microsecond)
	for _, test := range []struct {
		format string
		at     time.Time
		want   string
	}{
		{UnixTimestamp, whole, "1685620800"},
		{UnixTimestamp, part, "1685620800.25"},
		{ISO8601, whole, "2023-06-01T12:00:00Z"},
		{ISO8601, part, "2023-06-01T12:00:00.25Z"},
		{ISO8601, whole.In(time.FixedZone("", 3600)), "2023-06-01T12:00:00Z"},
		{RFC822, whole, "Thu, 01 Jun 2023 12:00:00 GMT"},
	} {
		if got := formatTime(test.format, test.at); got != test.want {
			t.Errorf("FormatTime(%s, %v) = %s, want %s", test.format, test.at, got, test.want)
		}
	}
}

func TestParseTime(t *testing.T) {
	want := time.Date(2023, 6, 1, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct{ format, text string }{
		{UnixTimestamp, "1685620800"}, {UnixTimestamp, "1.6856208e9"}, {ISO8601, "2023-06-01T12:00:00Z"},
		{ISO8601, "2023-06-01T14:00:00+02:00"}, {ISO8601, "1685620800"}, {RFC822, "Thu, 01 Jun 2023 12:00:00 GMT"},
	} {
		got, err := ParseTime(test.format, test.text)
		if err != nil || !got.Equal(want) {
			t.Errorf("ParseTime(%s, %s) = %v, %v", test.format, test.text, got, err)
		}
	}
	for _, text := range []string{"", "soon", "NaN", "1e300", "-1e300", "2023-13-01T00:00:00Z"} {
		if got, err := ParseTime(ISO8601, text); err == nil {
			t.Errorf("ParseTime(%q) = %v, want an error", text, got)
		}
	}
}

func TestDouble(t *testing.T) {
	for number, want := range map[float64]string{
		10: "10.0", 0: "0.0", 0.5: "0.5", -3: "-3.0", 1e20: "1e+20", math.Inf(1): "Infinity", math.Inf(-1): "-Infinity",
	} {
		if got := Double(number); got != want {
			t.Errorf("Double(%v) = %s, want %s", number, got, want)
		}
	}
}
