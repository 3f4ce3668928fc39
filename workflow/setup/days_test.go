package setup

import (
	"slices"
	"testing"

	"acts24/acts"
)

func TestReadDays(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want []string
		ok   bool
	}{
		"none":               {"", nil, true},
		"one":                {"05.11.2027", []string{"2027-11-05"}, true},
		"by commas or lines": {"05.11.2027, 06.11.2027\n07.11.2027;", []string{"2027-11-05", "2027-11-06", "2027-11-07"}, true},
		"no such day":        {"31.11.2027", nil, false},
		"a word":             {"05.11.2027 суббота", []string{"2027-11-05"}, false},
	} {
		var faults acts.Faults
		if got := readDays(&faults, "days-off", tt.text); !slices.Equal(got, tt.want) || (len(faults) == 0) != tt.ok {
			t.Errorf("%s: %v with %v; want %v", name, got, faults, tt.want)
		}
	}
}

func TestReadTerms(t *testing.T) {
	form := func(change map[string]string) DaysForm {
		f := DaysForm{Terms: map[string]string{"unsigned": "5", "our-signature": "3", "invitation": "3", "again": "10", "accepted": "30"}}
		for name, text := range change {
			f.Terms[name] = text
		}
		return f
	}
	for name, tt := range map[string]struct {
		change map[string]string
		field  string // "" for no fault
	}{
		"the usual ones":            {nil, ""},
		"spaces around":             {map[string]string{"unsigned": " 7 "}, ""},
		"zero":                      {map[string]string{"unsigned": "0"}, "unsigned"},
		"a word":                    {map[string]string{"accepted": "месяц"}, "accepted"},
		"too many":                  {map[string]string{"our-signature": "31"}, "our-signature"},
		"the second before a first": {map[string]string{"again": "3"}, "again"},
	} {
		var faults acts.Faults
		form(tt.change).readTerms(&faults)
		if tt.field == "" && len(faults) > 0 || tt.field != "" && faults.At(tt.field) == "" {
			t.Errorf("%s: %v; want a fault at %q", name, faults, tt.field)
		}
	}
}
