package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/cmd/app/apptest"
	"acts24/handlers"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
	"acts24/static"
)

// expected is the required right of every route, independently of the route table: a new route is added here
// by hand. open routes serve everyone; link and portal routes check only the link or the portal's tokens.
var expected = map[string][]string{
	"open":   {"GET /healthz", "GET /readyz", "GET /static/{version}/{name}", "GET /{$}"},
	"link":   {"GET /f/{token}", "POST /f/{token}", "POST /f/{token}/opened", "GET /f/{malformed...}"},
	"portal": {"POST /install", "POST /placement/deal", "POST /placement/company", "POST /placement/contact", "POST /placement/act", "POST /placement/menu", "POST /placement/deals", "POST /placement/report", "POST /placement/link", "POST /placement/return", "POST /events", "POST /robots"},
	"see": {"GET /p/{portal}/deals", "GET /p/{portal}/deals/{deal}", "GET /p/{portal}/companies/{company}", "GET /p/{portal}/companies/{company}/conditions",
		"GET /p/{portal}/companies/{company}/export", "GET /p/{portal}/contacts/{contact}", "GET /p/{portal}/contacts/{contact}/conditions",
		"GET /p/{portal}/contacts/{contact}/export", "GET /p/{portal}/acts", "GET /p/{portal}/acts/conditions", "GET /p/{portal}/acts/export",
		"POST /p/{portal}/acts/bulk", "GET /p/{portal}/bulks", "GET /p/{portal}/bulks/{bulk}",
		"POST /p/{portal}/bulks/{bulk}/cancel", "GET /p/{portal}/bulks/{bulk}/file", "GET /p/{portal}/report", "GET /p/{portal}/report/export", "GET /p/{portal}/acts/{act}", "GET /p/{portal}/acts/{act}/do",
		"GET /p/{portal}/acts/{act}/xml", "GET /p/{portal}/acts/{act}/package", "GET /p/{portal}/acts/{act}/print", "GET /p/{portal}/acts/{act}/upd", "GET /p/{portal}/acts/{act}/files/{file}",
		"GET /p/{portal}/companies/{company}/field", "GET /p/{portal}/contacts/{contact}/field", "GET /p/{portal}/acts/field", "GET /p/{portal}/filters", "POST /p/{portal}/filters",
		"POST /p/{portal}/filters/{filter}", "POST /p/{portal}/filters/{filter}/delete", "POST /p/{portal}/filters/{filter}/take",
		"GET /p/{portal}/me", "POST /p/{portal}/me", "GET /p/{portal}/acts/columns", "POST /p/{portal}/acts/columns",
		"GET /p/{portal}/companies/{company}/columns", "POST /p/{portal}/companies/{company}/columns",
		"GET /p/{portal}/contacts/{contact}/columns", "POST /p/{portal}/contacts/{contact}/columns"},
	"work": {"POST /p/{portal}/deals/acts", "POST /p/{portal}/deals/close", "POST /p/{portal}/deals/{deal}/acts", "POST /p/{portal}/deals/{deal}/acts/mark", "POST /p/{portal}/deals/{deal}/acts/preview", "POST /p/{portal}/deals/{deal}/acts/rows",
		"POST /p/{portal}/acts/{act}/remind-counterparty", "GET /p/{portal}/acts/originals", "POST /p/{portal}/acts/originals", "POST /p/{portal}/acts/{act}/keep", "POST /p/{portal}/acts/{act}/renew",
		"POST /p/{portal}/bulks/{bulk}/target", "POST /p/{portal}/bulks/{bulk}/run", "POST /p/{portal}/acts/{act}/send", "POST /p/{portal}/acts/{act}/take-back",
		"POST /p/{portal}/acts/{act}/mark", "POST /p/{portal}/acts/{act}/annulment", "POST /p/{portal}/acts/{act}/check", "POST /p/{portal}/acts/{act}/repeat", "POST /p/{portal}/acts/{act}/package", "POST /p/{portal}/acts/{act}/number", "POST /p/{portal}/acts/{act}/files/{side}",
		"POST /p/{portal}/acts/{act}/paper", "POST /p/{portal}/acts/{act}/undo", "POST /p/{portal}/acts/{act}/original", "POST /p/{portal}/acts/{act}/relink",
		"POST /p/{portal}/acts/{act}/item", "POST /p/{portal}/acts/{act}/correct", "POST /p/{portal}/acts/{act}/copy", "GET /p/{portal}/acts/{act}/edit",
		"POST /p/{portal}/acts/{act}/edit", "POST /p/{portal}/acts/{act}/edit/preview", "POST /p/{portal}/deals/{deal}/question", "POST /p/{portal}/deals/{deal}/question/link",
		"POST /p/{portal}/deals/{deal}/question/withdraw", "POST /p/{portal}/deals/{deal}/answer", "POST /p/{portal}/deals/{deal}/invite",
		"POST /p/{portal}/deals/{deal}/move", "POST /p/{portal}/deals/{deal}/monthly", "POST /p/{portal}/deals/{deal}/monthly/stop", "POST /p/{portal}/deals/{deal}/monthly/repeat",
		"POST /p/{portal}/deals/{deal}/close", "POST /p/{portal}/deals/{deal}/reopen", "POST /p/{portal}/deals/{deal}/annul-drafts"},
	"administer": {"GET /p/{portal}/install", "POST /p/{portal}/install", "GET /p/{portal}/settings/storage", "POST /p/{portal}/settings/storage",
		"POST /p/{portal}/settings/todo/{item}", "POST /p/{portal}/settings/stages/refresh", "POST /p/{portal}/settings/companies/refresh", "POST /p/{portal}/settings/stages/{pipeline}/create",
		"GET /p/{portal}/settings", "GET /p/{portal}/settings/accounts", "GET /p/{portal}/settings/companies", "GET /p/{portal}/settings/companies/{company}",
		"GET /p/{portal}/settings/stages", "GET /p/{portal}/settings/documents", "GET /p/{portal}/settings/question", "GET /p/{portal}/settings/days", "GET /p/{portal}/settings/people",
		"POST /p/{portal}/settings/stages", "POST /p/{portal}/settings/companies/{company}", "POST /p/{portal}/settings/companies/{company}/logo",
		"POST /p/{portal}/settings/documents", "POST /p/{portal}/settings/question", "POST /p/{portal}/settings/days", "POST /p/{portal}/settings/accounts/{account}",
		"POST /p/{portal}/settings/accounts/{account}/check", "POST /p/{portal}/settings/accounts/{account}/signing",
		"POST /p/{portal}/settings/accounts/{account}/code", "POST /p/{portal}/settings/accounts/{account}/activate",
		"POST /p/{portal}/settings/accounts/{account}/drop", "POST /p/{portal}/settings/people", "POST /p/{portal}/settings/people/add", "POST /p/{portal}/settings/people/group", "POST /p/{portal}/settings/people/refresh",
		"GET /p/{portal}/state", "POST /p/{portal}/state/check", "POST /p/{portal}/state/tasks/{task}/repeat", "POST /p/{portal}/state/tasks/{task}/postpone"},
}

// actor is a user who requests all routes.
type actor struct {
	name    string
	visitor *apptest.Visitor
	rights  string // the rights that he has
	narrow  bool   // sees only the acts of his department
	blind   bool   // sees only what he is responsible for, which is nothing
	admin   bool
	bulk    int64 // his own
}

// things are the objects that fill the paths: visible to everyone, hidden from users who see only their
// department, and of another portal.
type things struct {
	*apptest.Site
	act, file    map[string]int64 // by variant, like those below
	deal, bulk   map[string]int64
	account      int64
	actors       []actor
	expectations map[string]string
}

// seenWords occur in what its responsible sees, hiddenWords in what a narrow viewer may not see,
// neighbourWords in what belongs to the other portal.
const (
	seenWords      = "Контрагент 1»"
	hiddenWords    = "Контрагент 3»"
	neighbourWords = "СОСЕД"
)

// Every route is requested in every role with objects of its own portal, with objects hidden from it, and
// with objects of another portal: exactly what is allowed is served, and nothing of the others is revealed.
func TestEveryRouteForEveryRole(t *testing.T) {
	t.Parallel()
	th := thingsFor(t)
	th.people()
	th.walkAll()
}

// Until members are added in the settings, administrators work with all acts, the responsible of a deal with
// the acts of that deal, and nobody else sees any.
func TestEveryRouteUntilPeopleAreAdded(t *testing.T) {
	t.Parallel()
	th := thingsFor(t)
	th.enters(actor{name: "nobody", rights: "nobody"}, ownUser, 0)
	th.enters(actor{name: "who answers for no deal", rights: "see work", narrow: true, blind: true}, strangerUser, http.StatusOK)
	th.enters(actor{name: "the responsible of a deal", rights: "see work", narrow: true}, ownUser, http.StatusOK)
	th.enters(actor{name: "an administrator of the portal", rights: "see work administer", admin: true}, th.Portal.Admin(), http.StatusOK)
	th.walkAll()
}

// walkAll requests every route as every actor.
func (th *things) walkAll() {
	t, routes := th.T, handlers.Routes()
	asked := 0
	for _, a := range th.actors {
		th.bulk["hidden"] = th.bulkOf(1, otherUser)
		for _, posts := range []bool{false, true} { // reading requests come before changes
			for _, r := range routes {
				if strings.HasPrefix(r.Pattern, "POST ") == posts {
					asked += th.walk(a, r)
				}
			}
		}
	}
	if len(th.expectations) != len(routes) {
		t.Errorf("%d routes, %d expectations: some are of routes that are gone", len(routes), len(th.expectations))
	}
	t.Logf("%d routes, %d roles, %d requests", len(routes), len(th.actors), asked)
}

// walk requests one route as one actor, in every variant of its path.
func (th *things) walk(a actor, r handlers.Route) (asked int) {
	want, known := th.expectations[r.Pattern]
	if !known {
		th.T.Errorf("%s has no expected right, add it to expected", r.Pattern)
		return 0
	}
	variants := []string{"seen", "neighbour portal"}
	if strings.Contains(r.Pattern, "{act}") || strings.Contains(r.Pattern, "{bulk}") {
		variants = append(variants, "hidden", "neighbour")
	} else if strings.Contains(r.Pattern, "{deal}") {
		variants = append(variants, "hidden")
	}
	for _, variant := range variants {
		method, path := th.path(a, r.Pattern, variant)
		var p apptest.Page
		var err error
		if method == http.MethodGet {
			p, err = a.visitor.Get(path)
		} else {
			p, err = a.visitor.Post(path, url.Values{})
		}
		if err != nil {
			th.T.Fatalf("%s %s as %s: %v", method, path, a.name, err)
		}
		where := fmt.Sprintf("%s %s (%s) as %s", method, path, variant, a.name)
		th.checkResponse(where, a, r.Pattern, want, variant, p)
		asked++
	}
	return asked
}

// active are elements and attributes that run something besides our script, and scripts that are not ours.
var active = regexp.MustCompile(`(?i)<(?:object|embed|applet|frameset|frame|meta\s+http-equiv)\b|<[^<>]*\son[a-z]+\s*=|(?:href|src|action)="\s*(?:javascript|data|vbscript):|<iframe[^>]* src="(?:[^/]|//)|<script(?: nonce="[^"]*")?>|<script[^>]* src="(?:[^/]|/[^s])[^"]*"`)

// checkResponse compares a response with what the role is allowed to get.
func (th *things) checkResponse(where string, a actor, pattern, want, variant string, p apptest.Page) {
	if strings.Contains(p.Body, neighbourWords) {
		th.T.Errorf("%s shows something of the other portal", where)
	}
	if a.narrow && strings.Contains(p.Body, hiddenWords) || a.blind && strings.Contains(p.Body, seenWords) {
		th.T.Errorf("%s shows something hidden:\n%.3000s", where, p.Body)
	}
	if found := active.FindString(p.Body); found != "" && strings.HasPrefix(strings.TrimSpace(p.Body), "<!") {
		th.T.Errorf("%s: a page has %s", where, found)
	}
	hidden := variant == "hidden" && a.narrow || variant == "seen" && a.blind
	status, allowed := 0, false
	switch {
	case want == "open":
		status = http.StatusOK
	case want == "link" || want == "portal":
		if p.Status < 400 || p.Status >= 500 {
			th.T.Errorf("%s: a request without a valid link or tokens is answered %d, want 4xx", where, p.Status)
		}
		return
	case variant == "neighbour portal" || a.rights == "nobody":
		status = http.StatusUnauthorized
	case !strings.Contains(a.rights, want):
		status = http.StatusForbidden
	case variant == "neighbour":
		status = http.StatusNotFound
	case hidden && strings.Contains(pattern, "{act}"):
		status = http.StatusNotFound
	case hidden && strings.Contains(pattern, "{deal}"):
		status = http.StatusForbidden
	case variant == "hidden" && strings.Contains(pattern, "{bulk}") && !a.admin:
		status = http.StatusNotFound
	case variant == "hidden" && strings.Contains(pattern, "{bulk}") && want == "work": // only its author continues it
		status = http.StatusForbidden
	default:
		allowed = true
	}
	switch {
	case !allowed && p.Status != status:
		th.T.Errorf("%s: %d, want %d\n%.1500s", where, p.Status, status, p.Body)
	case allowed && strings.HasPrefix(pattern, "GET ") && p.Status != http.StatusOK && !refusesEditing(pattern, p):
		th.T.Errorf("%s: %d, want 200\n%.1500s", where, p.Status, p.Body)
	case allowed && (p.Status >= 500 && p.Status != http.StatusServiceUnavailable || p.Status == http.StatusUnauthorized || p.Status == http.StatusForbidden):
		th.T.Errorf("%s: %d\n%.1500s", where, p.Status, p.Body)
	}
}

// refusesEditing reports whether a page is that of editing, which the state of the act does not allow.
func refusesEditing(pattern string, p apptest.Page) bool {
	return strings.HasSuffix(pattern, "/edit") && p.Status == http.StatusConflict
}

// path fills in the parameters of a pattern.
func (th *things) path(a actor, pattern, variant string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	portal, from := int64(1), variant
	if variant == "neighbour portal" {
		portal, from = 2, "seen"
	}
	bulk := th.bulk[from]
	if from == "seen" {
		bulk = a.bulk
	}
	for name, value := range map[string]string{"portal": fmt.Sprint(portal), "act": fmt.Sprint(th.act[from]), "deal": fmt.Sprint(th.deal[from]), "bulk": fmt.Sprint(bulk),
		"file": fmt.Sprint(th.file[from]), "company": "1", "contact": "1", "filter": "1", "account": fmt.Sprint(th.account), "task": "1", "item": "test", "pipeline": "1", "side": string(acts.SideOurs),
		"token": strings.Repeat("x", 43), "version": strings.Split(static.Path("acts.css"), "/")[2], "name": "acts.css"} {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	path = strings.NewReplacer("{$}", "", "{malformed...}", "a/b").Replace(path)
	if strings.HasSuffix(path, "/export") {
		path += "?format=csv"
	}
	return method, path
}

// The employees of the roles; the responsible of the hidden objects is no member.
const (
	ownUser, departmentUser, allUser, workUser, adminUser, strangerUser, otherUser = 31, 32, 33, 34, 35, 36, 77
)

// thingsFor prepares two portals and adds one employee of each role.
func thingsFor(t *testing.T) *things {
	s := apptest.Start(t, 2)
	s.RemoveLimits()
	th := &things{Site: s, act: map[string]int64{}, file: map[string]int64{}, deal: map[string]int64{}, bulk: map[string]int64{},
		expectations: map[string]string{}}
	for right, patterns := range expected {
		for _, p := range patterns {
			th.expectations[p] = right
		}
	}
	sales := s.Portal.AddDepartment(bitrix24test.Department{Name: "Отдел продаж"})
	for id, name := range map[int64]string{ownUser: "Свой", departmentUser: "Отдельский", allUser: "Видящий", workUser: "Работник", adminUser: "Управляющий", strangerUser: "Чужой", otherUser: "Скрытый"} {
		u := bitrix24test.User{ID: id, Name: name, LastName: "Сотрудников"}
		if id == ownUser || id == departmentUser {
			u.Departments = []int64{sales}
		}
		s.Portal.AddUser(u)
	}
	th.make(1, "seen", 1, ownUser)
	th.make(1, "hidden", 3, otherUser)
	th.neighbour()
	th.account = th.Number(`SELECT max(id) FROM edo_accounts WHERE portal_id = 1`)
	return th
}

// make creates an electronic act of deal n signed by both parties, with a copy, and an archive requested by another user.
func (th *things) make(portal int64, variant string, n int, responsible int64) {
	s := th.Site
	deal := s.Deal(n)
	if err := s.Portal.Change(s.Portal.Admin(), bitrix24test.Deal, deal, bitrix24test.Fields{"assignedById": responsible}); err != nil {
		s.T.Fatal(err)
	}
	s.Manager = apptest.NewVisitor(s.Portal, responsible, s.AppURL)
	tab := s.HandOver(deal)
	th.deal[variant], th.act[variant] = deal, th.Number(`SELECT max(id) FROM acts`)
	s.Await("the document in SBIS", func() bool { return s.WaitsForOurSignature(tab) })
	for _, move := range []sbistest.Move{sbistest.MoveSignByUs, sbistest.MoveSignByCounterparty} {
		s.MoveDocument(s.LastDocument().ID, move)
	}
	s.Await("both have signed", func() bool {
		return s.Count(fmt.Sprintf("acts WHERE id = %d AND status = 'signed'", th.act[variant])) == 1
	})
	th.file[variant] = th.copyOf(portal, th.act[variant])
}

// copyOf stores a file as a signed copy of an act.
func (th *things) copyOf(portal, act int64) int64 {
	return th.Number(fmt.Sprintf(`WITH f AS (INSERT INTO files (portal_id, name, type, size, sha256, created_at) VALUES (%d, 'копия.pdf', 'application/pdf', 0, '', clock_timestamp()) RETURNING id)
		INSERT INTO act_files (portal_id, act_id, file_id, side, added_by, added_at) SELECT %[1]d, %d, id, 'ours', 'Кто-то', clock_timestamp() FROM f RETURNING file_id`, portal, act))
}

// bulkOf adds an archive of all acts of the portal requested by a user.
func (th *things) bulkOf(portal, user int64) int64 {
	return th.Number(fmt.Sprintf(`WITH b AS (INSERT INTO bulks (portal_id, form_key, action, state, user_id, user_name, created_at)
		VALUES (%d, gen_random_uuid(), 'pdf', 'checked', %d, 'Кто-то', clock_timestamp()) RETURNING id)
		INSERT INTO bulk_rows (portal_id, bulk_id, n, act_id, state) SELECT %[1]d, b.id, row_number() OVER (), a.id, 'waiting' FROM b, acts a WHERE a.portal_id = %[1]d RETURNING bulk_id`, portal, user))
}

// neighbour adds an act to the other portal whose texts all contain neighbourWords.
func (th *things) neighbour() {
	p := th.Portals[1]
	v := apptest.NewVisitor(p, p.Manager(), th.AppURL)
	deal := int64(p.Items(bitrix24test.Deal)[0]["id"].(float64))
	opened, err := v.OpenDeal(deal)
	action, form := apptest.ActForm(th.Page(opened, err, http.StatusOK))
	formed, err := v.Post(action, form)
	th.Page(formed, err, http.StatusOK)
	act := th.Number(`SELECT max(id) FROM acts`)
	th.act["neighbour"] = act
	th.file["neighbour"], th.bulk["neighbour"] = th.copyOf(2, act), th.bulkOf(2, p.Manager())
	th.Exec(`UPDATE acts SET number = 'СОСЕД-1', buyer = buyer || '{"name": "ООО «СОСЕД»"}' WHERE portal_id = 2`)
}

// people adds one employee of each role through the settings page.
func (th *things) people() {
	admin, _ := th.PeopleSettings()
	for user, role := range map[int]roles.Role{ownUser: roles.RoleOwnViewer, departmentUser: roles.RoleDepartmentViewer, allUser: roles.RoleViewer, workUser: roles.RoleWorker, adminUser: roles.RoleAdministrator} {
		p, err := admin.Post("/p/1/settings/people/add", url.Values{"kind": {"user"}, "id": {fmt.Sprint(user)}, "role": {string(role)}})
		th.Page(p, err, http.StatusOK)
	}
	th.enters(actor{name: "nobody", rights: "nobody"}, ownUser, 0)
	th.enters(actor{name: "a stranger"}, strangerUser, http.StatusForbidden)
	th.enters(actor{name: "who sees his own", rights: "see", narrow: true}, ownUser, http.StatusOK)
	th.enters(actor{name: "who sees his department", rights: "see", narrow: true}, departmentUser, http.StatusOK)
	th.enters(actor{name: "who sees all", rights: "see"}, allUser, http.StatusOK)
	th.enters(actor{name: "who works", rights: "see work"}, workUser, http.StatusOK)
	th.enters(actor{name: "who administers", rights: "see work administer", admin: true}, adminUser, http.StatusOK)
	th.enters(actor{name: "an administrator of the portal", rights: "see work administer", admin: true}, th.Portal.Admin(), http.StatusOK)
}

// enters adds an actor, who opens the app from the left menu unless user is 0.
func (th *things) enters(a actor, user int64, status int) {
	if a.visitor = apptest.NewVisitor(th.Portal, user, th.AppURL); status != 0 {
		a.visitor, _ = th.OpenAs(user, status)
	}
	a.bulk = th.bulkOf(1, user)
	th.actors = append(th.actors, a)
}
