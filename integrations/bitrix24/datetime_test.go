package bitrix24

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestDateTime(t *testing.T) {
	for text, want := range map[string]string{
		`"2024-07-18T14:00:14+02:00"`: "2024-07-18T14:00:14+02:00",
		`"2024-07-18T14:00:14"`:       "2024-07-18T14:00:14Z",
		`"2024-07-23 08:08:50"`:       "2024-07-23T08:08:50Z",
		`"2024-07-18"`:                "2024-07-18T00:00:00Z",
		`"24.08.2023 13:19:39"`:       "2023-08-24T13:19:39Z",
		`"24.08.2023"`:                "2023-08-24T00:00:00Z",
		`""`:                          "", `null`: "", `{}`: "", `false`: "",
	} {
		var m DateTime
		err := json.Unmarshal([]byte(text), &m)
		got, _ := json.Marshal(m)
		if err != nil || string(got) != `"`+want+`"` {
			t.Errorf("%s is decoded as %s, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{`"завтра"`, `17`, `"2024-13-45"`, `[1]`} {
		if got := decodedText[DateTime](text); got != "error" {
			t.Errorf("%s is decoded as %s, want an error", text, got)
		}
	}
}

func TestStringList(t *testing.T) {
	for body, want := range map[string][]string{
		`"1.01,2.01, 7.01"`: {"1.01", "2.01", "7.01"}, `["SA","SU"]`: {"SA", "SU"}, `{"0":"SA","2":"SU"}`: {"SA", "SU"},
		`""`: nil, `null`: nil, `[]`: nil, `false`: nil, `31.12`: {"31.12"}, `["1.01,2.01"]`: {"1.01", "2.01"},
	} {
		var list StringList
		if err := json.Unmarshal([]byte(body), &list); err != nil || !slices.Equal(list, want) {
			t.Errorf("%s is decoded as %q, %v; want %q", body, list, err, want)
		}
	}
	var list StringList
	if err := json.Unmarshal([]byte(`[{"a":"b"}]`), &list); err == nil {
		t.Errorf("a list of objects is decoded as %q, want an error", list)
	}
}
