package bitrix24

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

// amount returns an exact decimal written in digits.
func amount(t *testing.T, text string) Amount {
	t.Helper()
	d, err := parseDecimal(text)
	if err != nil {
		t.Fatal(err)
	}
	return Amount{d}
}

func TestPHPQuery(t *testing.T) {
	var noID *ID
	for name, tt := range map[string]struct {
		params Params
		want   string
	}{
		"nothing":                        {nil, ""},
		"scalars":                        {Params{"a": 1, "b": "x y&z=1", "c": int64(-5), "d": uint8(7)}, "a=1&b=x+y%26z%3D1&c=-5&d=7"},
		"cyrillic":                       {Params{"title": "Акт №7"}, "title=%D0%90%D0%BA%D1%82+%E2%84%967"},
		"bools":                          {Params{"a": true, "b": false}, "a=1&b=0"},
		"bools of CRM":                   {Params{"a": Bool(true), "b": Bool(false)}, "a=Y&b=N"},
		"empty values":                   {Params{"a": nil, "b": []string{}, "c": Params{}, "d": noID}, "a=&b=&c=&d="},
		"decimals":                       {Params{"a": amount(t, "90909.09"), "b": amount(t, "0.000001"), "c": json.Number("1.10")}, "a=90909.09&b=0.000001&c=1.10"},
		"an absent decimal":              {Params{"a": OptAmount{}, "b": Some(amount(t, "20"))}, "a=&b=20"},
		"floats":                         {Params{"a": 1e21, "b": 0.1}, "a=1000000000000000000000&b=0.1"},
		"lists":                          {Params{"select": []string{"id", "title"}, "ids": []any{1, "2"}}, "ids[0]=1&ids[1]=2&select[0]=id&select[1]=title"},
		"typed":                          {Params{"a": ID(5), "b": DealType, "c": Text("т"), "d": List[ID]{1, 2}}, "a=5&b=2&c=%D1%82&d[0]=1&d[1]=2"},
		"filter operators":               {Params{"filter": Params{"=ownerType": "D", ">id": 5, "!%title": "x", "@stageId": []string{"C9:NEW"}}}, "filter[%21%25title]=x&filter[%3DownerType]=D&filter[%3Eid]=5&filter[%40stageId][0]=C9%3ANEW"},
		"nested conditions":              {Params{"filter": Params{"0": Params{"logic": "OR", "0": map[string]any{"!=name": ""}}}}, "filter[0][0][%21%3Dname]=&filter[0][logic]=OR"},
		"a reference":                    {Params{"id": Ref("deal", "item", "companyId")}, "id=$result[deal][item][companyId]"},
		"a struct":                       {Params{"a": struct{ Name string }{"я"}}, "a[Name]=%D1%8F"},
		"a date with time":               {Params{"a": DateTime{time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("", 3*3600))}}, "a=2026-03-02T09%3A00%3A00%2B03%3A00"},
		"a file":                         {Params{"f": UploadedFile{"акт.pdf", []byte("x")}.Pair()}, "f[0]=%D0%B0%D0%BA%D1%82.pdf&f[1]=eA%3D%3D"},
		"control and special characters": {Params{"a": "\x00'\"#?"}, "a=%00%27%22%23%3F"},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, err := phpQuery(tt.params)
			if err != nil || got != tt.want {
				t.Errorf("phpQuery = %s, %v; want %s", got, err, tt.want)
			}
		})
	}
}

func TestPHPQueryRefuses(t *testing.T) {
	tooMany := make([]int, maxVariables+1)
	for name, tt := range map[string]struct {
		params Params
		want   error
	}{
		"a name with a bracket": {Params{"a": Params{"b][c": 1}}, errParameter},
		"an empty name":         {Params{"": 1}, errParameter},
		"a dot in a name":       {Params{"a.b": 1}, errParameter},
		"a map with int keys":   {Params{"a": map[int]int{1: 1}}, errParameter},
		"a function":            {Params{"a": func() {}}, errParameter},
		"more than PHP reads":   {Params{"a": tooMany}, errTooMany},
	} {
		t.Run(name, func(t *testing.T) {
			if got, _, err := phpQuery(tt.params); !errors.Is(err, tt.want) {
				t.Errorf("phpQuery = %s, %v; want the error %v", got, err, tt.want)
			}
		})
	}
}

// The portal replaces $result[…] in every value of a batch, so a title must not be taken for a reference.
func TestTitlesAreNotReferences(t *testing.T) {
	for _, title := range []string{
		"$result[deal][item][title]", "Скидка $RESULT[0]", "x$next[a]", "$total_x[1]", "$time[1] $error[2]", "$$result[a]",
	} {
		got, refs, err := phpQuery(Params{"title": title})
		if err != nil || len(refs) != 0 {
			t.Fatalf("phpQuery of %q = %s, references %v, %v; want none", title, got, refs, err)
		}
		text, err := url.QueryUnescape(strings.TrimPrefix(got, "title="))
		if err != nil {
			t.Fatal(err)
		}
		if livePlaceholder.MatchString(text) || strings.ReplaceAll(text, "\u2060", "") != title {
			t.Errorf("%q is sent as %q, want it broken by word joiners", title, text)
		}
	}
	for _, title := range []string{"100 $", "$result без скобок", "a[b]", "цена в $ [USD]"} {
		if got := escapePlaceholders(title); got != title {
			t.Errorf("escapePlaceholders(%q) = %q, want it unchanged", title, got)
		}
	}
}

func TestReferenceSteps(t *testing.T) {
	for ref, want := range map[Reference]string{
		Ref("deal", "item", "companyId"): "[deal item companyId]",
		Ref("list", "0", "ID"):           "[list 0 ID]",
		Ref("a"):                         "[a]",
		Ref("a", "b]c"):                  "[]",
		Ref("a", ""):                     "[]",
		"$result[a":                      "[]",
		"result[a]":                      "[]",
	} {
		if got := fmt.Sprint(ref.steps()); got != want {
			t.Errorf("steps of %s = %s, want %s", ref, got, want)
		}
	}
}

func TestWithDoesNotChangeTheOriginal(t *testing.T) {
	base := ListBankDetails(7)
	changed := base.As("bank").With(Ref("link", "0", "REQUISITE_ID"), "filter", "ENTITY_ID").With(50, "start")
	if got := base.Params["filter"].(Params)["ENTITY_ID"]; got != int64(7) || base.Key != "" || base.Params["start"] != nil {
		t.Errorf("the original was changed to %+v", base)
	}
	if got := changed.Params["filter"].(Params)["ENTITY_ID"]; got != Ref("link", "0", "REQUISITE_ID") || changed.Params["start"] != 50 {
		t.Errorf("the copy is %+v, want the reference in its filter and start 50", changed)
	}
	if got := (Command{Method: "m"}).With(1, "a", "b"); fmt.Sprint(got.Params) != "map[a:map[b:1]]" {
		t.Errorf("With of a command without parameters = %v, want map[a:map[b:1]]", got.Params)
	}
}
