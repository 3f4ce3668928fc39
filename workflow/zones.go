package workflow

import (
	"sync"
	"time"
)

// zones keeps zones by their names: loading one reads a file.
var zones sync.Map

// ZoneOf is the zone of that name, Moscow for an unknown one; dates of documents do not depend on it.
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
