package settings

import (
	"net/http"
	"time"

	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/accounts"
	"acts24/store/queue"
	"acts24/views"
)

// state handles GET /p/{portal}/state: the state of the application and what to do about problems.
func (h *Handler) state(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	notice := map[string]string{"repeat": "Задача поставлена в работу.", "postpone": "Задача отложена, ниже сказано, до какого времени.",
		"check": "Проверяем связь: страница обновится сама."}[r.URL.Query().Get("done")]
	seen, err := h.readState(r, v)
	if err != nil {
		return err
	}
	m := seen.view(v)
	m.Notice = notice
	return web.Render(w, r, http.StatusOK, views.StatePage(m))
}

// portalState is the input of the state page.
type portalState struct {
	portal    store.Portal
	health    queue.Health
	own       []store.OwnCompany
	accounts  []accounts.Account
	feeds     []queue.Feed
	breakers  map[int64]queue.Breaker
	paused    []string
	dead      []queue.Task
	postponed []queue.Postponed
	incidents []store.Incident

	certificates []accounts.Certificate
	today        time.Time // business time in the zone of the portal
}

// readState reads the input of the state page.
func (h *Handler) readState(r *http.Request, v web.Visit) (p portalState, err error) {
	ctx, scope := r.Context(), h.DB.Scope(v.Portal)
	if p.portal, err = scope.Portals().Get(ctx); err != nil {
		return p, err
	}
	leak, _ := p.portal.Bucket()
	if p.health, err = queue.HealthOf(ctx, scope, leak); err != nil {
		return p, err
	}
	if p.own, err = scope.Companies().List(ctx); err != nil {
		return p, err
	}
	if p.accounts, err = scope.Accounts().List(ctx); err != nil {
		return p, err
	}
	if p.feeds, err = queue.Feeds(ctx, scope); err != nil {
		return p, err
	}
	if p.breakers, err = queue.Breakers(ctx, scope); err != nil {
		return p, err
	}
	paused, err := queue.PausedMethods(ctx, h.DB, v.Portal, true)
	if err != nil {
		return p, err
	}
	p.paused = pausedWords(paused)
	if p.dead, err = queue.Dead(ctx, scope); err != nil {
		return p, err
	}
	if p.postponed, err = queue.PostponedTasks(ctx, scope); err != nil {
		return p, err
	}
	if p.incidents, err = scope.Portals().Incidents(ctx); err != nil {
		return p, err
	}
	p.certificates, err = scope.Accounts().Certificates(ctx)
	p.today = h.Now().In(web.Zone(v))
	return p, err
}

// checkState handles POST /p/{portal}/state/check: checks the connections.
func (h *Handler) checkState(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.redirectToState(w, r, v, "check", h.Service.Setup.CheckState(r.Context(), v))
}

// repeatTask handles POST /p/{portal}/state/tasks/{task}/repeat: repeats a failed task.
func (h *Handler) repeatTask(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	task, err := web.PathID[int64](r, "task")
	if err != nil {
		return err
	}
	return h.redirectToState(w, r, v, "repeat", h.Service.Setup.RepeatTask(r.Context(), v, task))
}

// postponeTask handles POST /p/{portal}/state/tasks/{task}/postpone: postpones a failed task.
func (h *Handler) postponeTask(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	task, err := web.PathID[int64](r, "task")
	if err != nil {
		return err
	}
	return h.redirectToState(w, r, v, "postpone", h.Service.Setup.PostponeTask(r.Context(), v, task))
}

// redirectToState redirects to the state page after an action.
func (h *Handler) redirectToState(w http.ResponseWriter, r *http.Request, v web.Visit, done string, err error) error {
	if err != nil {
		return err
	}
	http.Redirect(w, r, web.Base(v)+"/state?done="+done, http.StatusSeeOther)
	return nil
}
