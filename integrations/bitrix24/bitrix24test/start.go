package bitrix24test

import (
	"bytes"
	"encoding/json"
	"net/http"

	"acts24/integrations/bitrix24/bitrix24test/php"
	"acts24/integrations/fakehttp"
)

// Start serves a portal for a test on its own address, which is also the authorization server.
// It has an administrator, a manager, a second manager and an empty general pipeline; the app is not installed.
func Start(t fakehttp.TB, options ...func(*Config)) *Portal {
	t.Helper()
	return NewCloud(App{}).Start(t, options...)
}

// Start serves another portal of this cloud for a test.
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

// AddDefaults adds the people and the general pipeline of a new portal.
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

// Reply is the result of Call.
type Reply struct {
	Status int
	Body   Fields
}

// Result returns the member result.
func (r Reply) Result() any { return r.Body["result"] }

// Map returns the result as a map.
func (r Reply) Map() Fields { return php.Map(r.Body["result"]) }

// Error returns the error code. Some errors have an empty code: use Failed.
func (r Reply) Error() string { return php.Text(r.Body["error"]) }

// Failed reports whether the portal refused.
func (r Reply) Failed() bool { return r.Body["error"] != nil }

// Call calls a method over HTTP with a new token of the user.
func (p *Portal) Call(user int64, method string, in Fields) (Reply, error) {
	return p.CallAs(p.Issue(user).Access, method, in)
}

// CallAs calls a method over HTTP with a token.
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
