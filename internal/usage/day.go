package usage

import (
	"fmt"
	"time"
)

// Day is a day in UTC, counted from 1970-01-01.
type Day int32

const (
	secondsOfDay = 24 * 60 * 60
	// dateLayout is how AWS writes a day.
	dateLayout = "2006-01-02"
)

// DayOf is the day of a moment.
func DayOf(at time.Time) Day {
	seconds := at.Unix()
	day := seconds / secondsOfDay
	if seconds%secondsOfDay < 0 {
		day--
	}
	return Day(day)
}

// ParseDay reads 2006-01-02.
func ParseDay(text string) (Day, error) {
	at, err := time.Parse(dateLayout, text)
	if err != nil {
		return 0, fmt.Errorf("reading a day: %w", err)
	}
	return DayOf(at), nil
}

// Time is the first moment of the day.
func (d Day) Time() time.Time { return time.Unix(int64(d)*secondsOfDay, 0).UTC() }

// String is the day as 2006-01-02.
func (d Day) String() string { return d.Time().Format(dateLayout) }

// Period is how long a quota holds.
type Period string

// The periods, as AWS names them.
const (
	PeriodDay   Period = "DAY"
	PeriodWeek  Period = "WEEK"
	PeriodMonth Period = "MONTH"
)

// Quota is how many requests there are in a period.
type Quota struct {
	Limit  int64
	Period Period
	// Offset is the day on which a period begins: of a week counted from Sunday, of a
	// month from its first day.
	Offset int
}

const daysOfWeek = 7

// Start is the first day of the period that a day is in.
func (q Quota) Start(day Day) Day {
	switch q.Period {
	case PeriodWeek:
		since := (int(day.Time().Weekday()) - q.Offset + daysOfWeek) % daysOfWeek
		return day - Day(since)
	case PeriodMonth:
		at := day.Time()
		start := time.Date(at.Year(), at.Month(), 1+q.Offset, 0, 0, 0, 0, time.UTC)
		if DayOf(start) > day {
			start = time.Date(at.Year(), at.Month()-1, 1+q.Offset, 0, 0, 0, 0, time.UTC)
		}
		return DayOf(start)
	default:
		return day
	}
}

// Next is the first day of the period after the one that a day is in.
func (q Quota) Next(day Day) Day {
	start := q.Start(day)
	switch q.Period {
	case PeriodWeek:
		return start + daysOfWeek
	case PeriodMonth:
		at := start.Time()
		return DayOf(time.Date(at.Year(), at.Month()+1, 1+q.Offset, 0, 0, 0, 0, time.UTC))
	default:
		return start + 1
	}
}
