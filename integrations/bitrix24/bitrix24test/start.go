package bitrix24test

import (
	"bytes"
	"encoding/json"
	"net/http"

	"acts24/integrations/bitrix24/bitrix24test/php"
	"acts24/integrations/fakehttp"
)

// Start serves a portal for a test on an address of its own; the address is the authorization server too.
// It has an administrator, a manager, a second manager and an empty general pipeline; the app is not installed.
func Start(t fakehttp.TB, options ...func(*Config)) *Portal {
	t.Helper()
	return NewCloud(App{}).Start(t, options...)
}

// Start serves one more portal of this cloud for a test.
func (c *Cloud) Start(t fakehttp.TB, options ...func(*Config)) *Portal {
	t.Helper()
	var cfg Config
	for _, o := range options {
		o(&cfg)
	}
	p := c.AddPortal(cfg)
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Fatalf("close portal: %v", err)
		}
	})
	p.SetURL(fakehttp.Serve(t, p))
	if len(c.Portals()) == 1 {
		c.SetURL(p.URL())
	}
	p.AddDefaults()
	return p
}

// AddDefaults gives a new portal its people and the general pipeline.
func (p *Portal) AddDefaults() {
	p.AddDepartment(Department{ID: 1, Name: "Компания", Head: 1})
	p.AddUser(User{ID: 1, Name: "Анна", LastName: "Администратова", Email: "admin@portal.example", Admin: true, Departments: []int64{1}})
	p.AddUser(User{ID: 2, Name: "Михаил", LastName: "Менеджеров", Email: "manager@portal.example", Departments: []int64{1}})
	p.AddUser(User{ID: 3, Name: "Пётр", LastName: "Посторонний", Email: "other@portal.example", Departments: []int64{1}})
	p.AddCategory(Category{ID: 0, EntityTypeID: Deal, Name: "Общая", Sort: 300, Default: true})
	for _, s := range []Stage{
		{StatusID: "NEW", Name: "Новая", Sort: 10, System: true, Color: "#39A8EF"},
		{StatusID: "EXECUTING", Name: "В работе", Sort: 40, Color: "#47E4C2"},
		{StatusID: "WON", Name: "Сделка успешна", Sort: 60, System: true, Color: "#7BD500", Semantics: "S"},
		{StatusID: "LOSE", Name: "Сделка провалена", Sort: 70, System: true, Color: "#FF5752", Semantics: "F"},
	} {
		p.AddStage(Deal, 0, s)
	}
}

// Reply is an answer of the portal to Call.
type Reply struct {
	Status int
	Body   Fields
}

// Result is the result member.
func (r Reply) Result() any { return r.Body["result"] }

// Map is the result as a map.
func (r Reply) Map() Fields { return php.Map(r.Body["result"]) }

// Error is the error code; empty when all went well, though some errors have an empty code too: see Failed.
func (r Reply) Error() string { return php.Text(r.Body["error"]) }

// Failed reports whether the portal refused.
func (r Reply) Failed() bool { return r.Body["error"] != nil }

// Call asks the portal over HTTP as the given user, with a fresh token.
func (p *Portal) Call(user int64, method string, in Fields) (Reply, error) {
	return p.CallAs(p.Issue(user).Access, method, in)
}

// CallAs asks the portal over HTTP with a token.
func (p *Portal) CallAs(token, method string, in Fields) (Reply, error) {
	body := Fields{"auth": token}
	for k, v := range in {
		body[k] = v
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return Reply{}, err
	}
	resp, err := http.Post(p.endpoint()+method+".json", "application/json", bytes.NewReader(raw))
	if err != nil {
		return Reply{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	out := Reply{Status: resp.StatusCode}
	return out, json.NewDecoder(resp.Body).Decode(&out.Body)
}
