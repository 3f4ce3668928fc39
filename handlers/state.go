package handlers

import (
	"net/http"
	"time"

	"acts24/store"
	"acts24/views"
)

// state shows an administrator whether all works, and what to do where it does not.
func (s *Server) state(w http.ResponseWriter, r *http.Request, v Visit) error {
	notice := map[string]string{"repeat": "Задача поставлена в работу.", "postpone": "Задача отложена, ниже сказано, до какого времени.",
		"check": "Проверяем связь: страница обновится сама."}[r.URL.Query().Get("done")]
	seen, err := s.stateOf(r, v)
	if err != nil {
		return err
	}
	m := seen.view(v)
	m.Notice = notice
	return render(w, r, http.StatusOK, views.StatePage(m))
}

// portalState is all that the state page tells of.
type portalState struct {
	portal    store.Portal
	health    store.Health
	own       []store.OwnCompany
	accounts  []store.EDOAccount
	feeds     []store.Feed
	breakers  map[int64]store.Breaker
	paused    []string
	dead      []store.Task
	postponed []store.Postponed
	incidents []store.Incident

	certificates []store.Certificate
	today        time.Time // business time, in the portal's zone
}

func (s *Server) stateOf(r *http.Request, v Visit) (p portalState, err error) {
	ctx, scope := r.Context(), s.db.Scope(v.Portal)
	if p.portal, err = scope.PortalInfo(ctx); err != nil {
		return p, err
	}
	leak, _ := p.portal.Bucket()
	if p.health, err = scope.Health(ctx, leak); err != nil {
		return p, err
	}
	if p.own, err = scope.OwnCompanies(ctx); err != nil {
		return p, err
	}
	if p.accounts, err = scope.EDOAccounts(ctx); err != nil {
		return p, err
	}
	if p.feeds, err = scope.Feeds(ctx); err != nil {
		return p, err
	}
	if p.breakers, err = scope.Breakers(ctx); err != nil {
		return p, err
	}
	paused, err := s.db.PausedMethods(ctx, v.Portal)
	if err != nil {
		return p, err
	}
	p.paused = pausedWords(paused)
	if p.dead, err = scope.DeadTasks(ctx); err != nil {
		return p, err
	}
	if p.postponed, err = scope.PostponedTasks(ctx); err != nil {
		return p, err
	}
	if p.incidents, err = scope.Incidents(ctx); err != nil {
		return p, err
	}
	p.certificates, err = scope.Certificates(ctx)
	p.today = s.now().In(zoneOf(v))
	return p, err
}

func (s *Server) checkState(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.stateAfter(w, r, v, "check", s.service.CheckState(r.Context(), v))
}

func (s *Server) repeatAtState(w http.ResponseWriter, r *http.Request, v Visit) error {
	task, err := pathID[int64](r, "task")
	if err != nil {
		return err
	}
	return s.stateAfter(w, r, v, "repeat", s.service.RepeatTask(r.Context(), v, task))
}

func (s *Server) postponeTask(w http.ResponseWriter, r *http.Request, v Visit) error {
	task, err := pathID[int64](r, "task")
	if err != nil {
		return err
	}
	return s.stateAfter(w, r, v, "postpone", s.service.PostponeTask(r.Context(), v, task))
}

// stateAfter leads back to the state page; who came too late finds there what is left.
func (s *Server) stateAfter(w http.ResponseWriter, r *http.Request, v Visit, done string, err error) error {
	if err != nil {
		return err
	}
	http.Redirect(w, r, base(v)+"/state?done="+done, http.StatusSeeOther)
	return nil
}
