package bitrix24

import (
	"slices"
	"testing"
)

func TestHeads(t *testing.T) {
	all := []Department{{ID: 1, HeadID: 10}, {ID: 2, ParentID: 1, HeadID: 20}, {ID: 3, ParentID: 2}, {ID: 4, ParentID: 5, HeadID: 40}, {ID: 5, ParentID: 4, HeadID: 50}}
	for name, tt := range map[string]struct {
		user User
		want []ID
	}{
		"a department without a head": {User{ID: 7, Departments: []ID{3}}, []ID{20, 10}},
		"the head of the department":  {User{ID: 20, Departments: []ID{2}}, []ID{10}},
		"the head of all":             {User{ID: 10, Departments: []ID{1}}, nil},
		"two departments":             {User{ID: 7, Departments: []ID{1, 2}}, []ID{10, 20}},
		"a ring of departments":       {User{ID: 7, Departments: []ID{4}}, []ID{40, 50}},
		"no department":               {User{ID: 7}, nil},
		"an unknown department":       {User{ID: 7, Departments: []ID{9}}, nil},
	} {
		if got := Heads(tt.user, all); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
