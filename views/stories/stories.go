// Package stories holds every page of views in the states in which people see it, without a database. cmd/storybook shows them,
// makes pictures of them and tests them in a browser.
package stories

import (
	"reflect"
	"runtime"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"acts24/views"
)

// Story is a page in one state.
type Story struct {
	Page  string // component of views, such as DealTabPage
	State string // lower-case words with hyphens
	build func(views.Frame) templ.Component
}

// Name returns «DealTabPage/full», which is unique.
func (s Story) Name() string { return s.Page + "/" + s.State }

// Render returns the page in a theme: "light", "dark", or "" for that of the device. Pages for counterparties follow the device.
func (s Story) Render(theme string) templ.Component {
	return s.build(views.Frame{Title: "Акты", Base: base, Origin: origin, Admin: true, Theme: theme})
}

// All returns the stories of all pages, in the order in which a reader meets the pages.
func All() []Story {
	return slices.Concat(dealTab(), actPage(), registry(), registryPopups(), bulk(), dealsWithoutActs(), reportPage(), install(), settings(), companies(), accounts(),
		stages(), people(), statePage(), publicForm(), messages())
}

// state is a state of a page, as a change of its full view.
type state[M any] struct {
	name   string
	change func(*M) // nil for the full view itself
}

// storiesOf returns the stories of a page in its states; full returns the view with everything in it.
func storiesOf[M any](page func(M) templ.Component, full func(views.Frame) M, states ...state[M]) []Story {
	name := runtime.FuncForPC(reflect.ValueOf(page).Pointer()).Name()
	name = name[strings.LastIndex(name, ".")+1:]
	var list []Story
	for _, s := range states {
		list = append(list, Story{Page: name, State: s.name, build: func(f views.Frame) templ.Component {
			m := full(f)
			if s.change != nil {
				s.change(&m)
			}
			return page(m)
		}})
	}
	return list
}
