package workflow

import (
	"sync"
	"time"
)

// DayIn returns the day of a moment in a zone.
func DayIn(at time.Time, zone *time.Location) time.Time {
	at = at.In(zone)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}

// zones caches zones by name: loading one reads a file.
var zones sync.Map

// ZoneOf returns the zone of that name, Moscow for an unknown one.
func ZoneOf(name string) *time.Location {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" {
		zone = time.FixedZone("MSK", 3*60*60)
	}
	zones.Store(name, zone)
	return zone
}
