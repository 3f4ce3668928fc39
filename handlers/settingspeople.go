package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/views"
	"acts24/workflow"
)

// mostFound is how many employees a search shows.
const mostFound = 20

// people shows the group «Работа с актами».
func (s *Server) people(w http.ResponseWriter, r *http.Request, v Visit) error {
	tried := s.service.KnowStructure(r.Context(), v.Portal)
	if tried != nil && acts.Sentence(tried) == "" {
		return tried
	}
	return s.renderPeople(w, r, v, http.StatusOK, joining{query: r.URL.Query().Get("q")}, tried)
}

// joining is what was typed into a form that adds to the group.
type joining struct {
	query   string
	wish    workflow.GroupWish
	role    acts.Role
	group   string // the name of a new work group
	preview map[acts.UserID]acts.Access
}

func (j joining) chose(kind acts.MemberKind, id int64) bool {
	for _, m := range j.wish.Set {
		if m.Kind == kind && m.ID == id {
			return true
		}
	}
	return false
}

// renderPeople draws the group as it is kept, with what was tried.
func (s *Server) renderPeople(w http.ResponseWriter, r *http.Request, v Visit, status int, j joining, tried error) error {
	scope := s.db.Scope(v.Portal)
	members, err := scope.GroupMembers(r.Context())
	if err != nil {
		return err
	}
	structure, err := scope.Structure(r.Context())
	if err != nil {
		return err
	}
	changes, err := scope.GroupChanges(r.Context())
	if err != nil {
		return err
	}
	found, err := scope.FreeUsers(r.Context(), j.query, mostFound+1)
	if err != nil {
		return err
	}
	m := peopleView(v, members, structure, changes, j)
	m.SettingsFrame = settingsFrame(r, v, "/people", tried)
	fillFound(&m, found, structure, j)
	return render(w, r, status, views.PeoplePage(m))
}

// savePeople changes roles and takes members out.
func (s *Server) savePeople(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	wish, err := readRoles(r.PostForm)
	if err != nil {
		return err
	}
	err = s.service.SaveGroup(r.Context(), v, wish)
	return settled(w, r, v, "/people?done=saved", err, func(status int) error { return s.renderPeople(w, r, v, status, joining{}, err) })
}

// readRoles reads the roles that were changed: those of others may have been changed by somebody else meanwhile.
func readRoles(form url.Values) (w workflow.GroupWish, err error) {
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
		m.Role = acts.Role(role)
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

// memberOf reads "user-12".
func memberOf(key string) (acts.Member, error) {
	kind, number, _ := strings.Cut(key, "-")
	n, err := strconv.ParseInt(number, 10, 64)
	m := acts.Member{Kind: acts.MemberKind(kind), ID: n}
	if err != nil || n <= 0 || kindLabels[m.Kind] == "" {
		return m, acts.Errorf(acts.Invalid, "Непонятный запрос.")
	}
	return m, nil
}

// addPeople adds employees, a department or a work group, or shows whom that would let in.
func (s *Server) addPeople(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	j, err := readJoining(r.PostForm)
	again := func(status int) error { return s.renderPeople(w, r, v, status, j, err) }
	if err == nil && r.PostForm.Get("try") != "" {
		if j.preview, err = s.service.Preview(r.Context(), v.Portal, j.wish); err == nil {
			return again(http.StatusOK)
		}
	} else if err == nil {
		err = s.service.SaveGroup(r.Context(), v, j.wish)
	}
	return settled(w, r, v, "/people?done=saved", err, again)
}

func readJoining(form url.Values) (j joining, err error) {
	j.query, j.role = form.Get("q"), acts.Role(form.Get("role"))
	kind := form.Get("kind")
	for _, text := range form["id"] {
		m, err := memberOf(kind + "-" + text)
		if err != nil {
			return j, err
		}
		m.Role = j.role
		j.wish.Set = append(j.wish.Set, m)
	}
	if len(j.wish.Set) == 0 {
		return j, acts.Faults{{Field: kind, Text: "Отметьте хотя бы одного сотрудника."}}
	}
	return j, nil
}

// createWorkGroup makes a work group on the portal and gives its members a role.
func (s *Server) createWorkGroup(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	j := joining{role: acts.Role(r.PostForm.Get("role")), group: r.PostForm.Get("name")}
	err := s.service.CreateWorkGroup(r.Context(), v, j.group, j.role)
	again := func(status int) error { return s.renderPeople(w, r, v, status, j, err) }
	if errors.Is(err, acts.Forbidden) || errors.Is(err, acts.Refused) {
		return again(statusOf(err))
	}
	return settled(w, r, v, "/people?done=saved", err, again)
}

// refreshPeople reads the people of the portal anew.
func (s *Server) refreshPeople(w http.ResponseWriter, r *http.Request, v Visit) error {
	err := s.service.ReadStructure(r.Context(), v.Portal)
	if errors.Is(err, acts.Forbidden) || errors.Is(err, acts.Refused) {
		return s.renderPeople(w, r, v, statusOf(err), joining{}, err)
	}
	return settled(w, r, v, "/people?done=read", err, func(status int) error { return s.renderPeople(w, r, v, status, joining{}, err) })
}
