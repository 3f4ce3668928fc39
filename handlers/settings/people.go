package settings

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/handlers/web"
	"acts24/views"
	"acts24/workflow"
)

// maxFound is the maximum number of employees in a search result.
const maxFound = 20

// people handles GET /p/{portal}/settings/people: the group «Работа с актами».
func (h *Handler) people(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	tried := h.Service.Setup.EnsureStructure(r.Context(), v.Portal)
	if tried != nil && acts.Message(tried) == "" {
		return tried
	}
	return h.renderPeople(w, r, v, http.StatusOK, memberForm{query: r.URL.Query().Get("q")}, tried)
}

// memberForm is the form that adds members to the group.
type memberForm struct {
	query   string
	change  workflow.GroupChange
	role    roles.Role
	group   string // name of a new work group
	preview map[acts.UserID]roles.Access
}

func (j memberForm) chose(kind roles.MemberKind, id int64) bool {
	for _, m := range j.change.Set {
		if m.Kind == kind && m.ID == id {
			return true
		}
	}
	return false
}

// renderPeople renders the group with the error of the last action.
func (h *Handler) renderPeople(w http.ResponseWriter, r *http.Request, v web.Visit, status int, j memberForm, tried error) error {
	scope := h.DB.Scope(v.Portal)
	members, err := scope.People().Members(r.Context())
	if err != nil {
		return err
	}
	structure, err := scope.People().Structure(r.Context())
	if err != nil {
		return err
	}
	changes, err := scope.People().Changes(r.Context())
	if err != nil {
		return err
	}
	found, err := scope.People().FindNonMembers(r.Context(), j.query, maxFound+1)
	if err != nil {
		return err
	}
	m := peopleView(v, members, structure, changes, j)
	m.SettingsFrame = settingsFrame(r, v, "/people", tried)
	fillFound(&m, found, structure, j)
	return web.Render(w, r, status, views.PeoplePage(m))
}

// savePeople handles POST /p/{portal}/settings/people: changes roles and removes members.
func (h *Handler) savePeople(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	change, err := readRoles(r.PostForm)
	if err != nil {
		return err
	}
	err = h.Service.Setup.SaveGroup(r.Context(), v, change)
	return redirectOrRetry(w, r, v, "/people?done=saved", err, func(status int) error { return h.renderPeople(w, r, v, status, memberForm{}, err) })
}

// readRoles reads the changed roles only: somebody else may have changed the others meanwhile.
func readRoles(form url.Values) (w workflow.GroupChange, err error) {
	dropped := form.Get("drop")
	for name := range form {
		key, ok := strings.CutPrefix(name, "role-")
		role := form.Get(name)
		if !ok || key == dropped || role == form.Get("was-"+key) {
			continue
		}
		m, err := memberOf(key)
		if err != nil {
			return w, err
		}
		m.Role = roles.Role(role)
		w.Set = append(w.Set, m)
	}
	if dropped != "" {
		m, err := memberOf(dropped)
		if err != nil {
			return w, err
		}
		w.Drop = append(w.Drop, m)
	}
	return w, nil
}

// memberOf parses a member such as "user-12".
func memberOf(key string) (roles.Member, error) {
	kind, number, _ := strings.Cut(key, "-")
	n, err := strconv.ParseInt(number, 10, 64)
	m := roles.Member{Kind: roles.MemberKind(kind), ID: n}
	if err != nil || n <= 0 || kindLabels[m.Kind] == "" {
		return m, acts.Errorf(acts.Invalid, "Непонятный запрос.")
	}
	return m, nil
}

// addPeople handles POST /p/{portal}/settings/people/add: adds employees, a department or a work group, or previews whom that gives access.
func (h *Handler) addPeople(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	j, err := readJoining(r.PostForm)
	again := func(status int) error { return h.renderPeople(w, r, v, status, j, err) }
	if err == nil && r.PostForm.Get("try") != "" {
		if j.preview, err = h.Service.Setup.Preview(r.Context(), v.Portal, j.change); err == nil {
			return again(http.StatusOK)
		}
	} else if err == nil {
		err = h.Service.Setup.SaveGroup(r.Context(), v, j.change)
	}
	return redirectOrRetry(w, r, v, "/people?done=saved", err, again)
}

func readJoining(form url.Values) (j memberForm, err error) {
	j.query, j.role = form.Get("q"), roles.Role(form.Get("role"))
	kind := form.Get("kind")
	for _, text := range form["id"] {
		m, err := memberOf(kind + "-" + text)
		if err != nil {
			return j, err
		}
		m.Role = j.role
		j.change.Set = append(j.change.Set, m)
	}
	if len(j.change.Set) == 0 {
		return j, acts.Faults{{Field: kind, Text: "Отметьте хотя бы одного сотрудника."}}
	}
	return j, nil
}

// createWorkGroup handles POST /p/{portal}/settings/people/group: creates a work group on the portal and gives its members a role.
func (h *Handler) createWorkGroup(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	j := memberForm{role: roles.Role(r.PostForm.Get("role")), group: r.PostForm.Get("name")}
	err := h.Service.Setup.CreateWorkGroup(r.Context(), v, j.group, j.role)
	again := func(status int) error { return h.renderPeople(w, r, v, status, j, err) }
	if !errors.Is(err, workflow.ErrTokenExpired) && (errors.Is(err, acts.Forbidden) || errors.Is(err, acts.Refused)) {
		return again(web.Status(err))
	}
	return redirectOrRetry(w, r, v, "/people?done=saved", err, again)
}

// refreshPeople handles POST /p/{portal}/settings/people/refresh: reads the people of the portal again.
func (h *Handler) refreshPeople(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	err := h.Service.Setup.ReadStructure(r.Context(), v.Portal)
	if errors.Is(err, acts.Forbidden) || errors.Is(err, acts.Refused) {
		return h.renderPeople(w, r, v, web.Status(err), memberForm{}, err)
	}
	return redirectOrRetry(w, r, v, "/people?done=read", err, func(status int) error { return h.renderPeople(w, r, v, status, memberForm{}, err) })
}
