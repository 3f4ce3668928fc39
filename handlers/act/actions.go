package act

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/workflow"
)

// onAct runs an action on the act in the URL and redirects to its page, or shows the page with the error.
func (h *Handler) onAct(w http.ResponseWriter, r *http.Request, v web.Visit, do func(acts.ActID) error) error {
	act, err := web.PathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	return h.done(w, r, v, act, do(act))
}

// actionError is an error with the action of the page that failed.
type actionError struct {
	error
	action string
}

// Unwrap returns the error without the action.
func (e *actionError) Unwrap() error { return e.error }

// withAction adds the action whose form shows the faults.
func withAction(action string, err error) error {
	if err == nil {
		return nil
	}
	return &actionError{err, action}
}

// doneNotices are the messages about what has just been done, by the last part of the address of the action. Other actions show their
// result on the page.
var doneNotices = map[string]string{
	"mark": "Отметка сохранена.", "undo": "Отметка отменена, акт вернулся в прежний статус.", "original": "Отмечено, что оригинал получен.",
	"repeat": "Обращаемся в СБИС ещё раз: результат появится здесь.", "ours": "Файлы загружены.", "theirs": "Файлы загружены.", "relink": "Акт перенесён в другую сделку.", "edit": "Изменения сохранены.", "edit-and-send": "Изменения сохранены, акт передаётся в СБИС.",
}

// done redirects to the page of an act after a change, or shows the page with the error.
func (h *Handler) done(w http.ResponseWriter, r *http.Request, v web.Visit, act acts.ActID, err error) error {
	if err == nil {
		at := web.Base(v) + "/acts/" + web.ID(act)
		if code := path.Base(r.URL.Path); doneNotices[code] != "" {
			at += "?done=" + code
		}
		http.Redirect(w, r, at, http.StatusSeeOther)
		return nil
	}
	switch status := web.Status(err); status {
	case http.StatusConflict, http.StatusUnprocessableEntity:
		return h.Render(w, r, v, act, status, err)
	}
	return err
}

// send handles POST /p/{portal}/acts/{act}/send: queues the act for delivery to SBIS.
func (h *Handler) send(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAct(w, r, v, func(act acts.ActID) error {
		if err := h.takeNumber(r, v, act); err != nil {
			return withAction("send-act", err)
		}
		return h.Service.Acts.HandOver(r.Context(), v, act)
	})
}

// takeBack handles POST /p/{portal}/acts/{act}/take-back: withdraws the document of the act from SBIS.
func (h *Handler) takeBack(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAct(w, r, v, func(act acts.ActID) error { return h.Service.Acts.TakeBack(r.Context(), v, act) })
}

// mark handles POST /p/{portal}/acts/{act}/mark: sets the mark of a person on the act.
func (h *Handler) mark(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAct(w, r, v, func(act acts.ActID) error {
		event := acts.Event(r.PostForm.Get("event"))
		if _, ok := personActions[event]; !ok {
			return acts.Errorf(acts.Invalid, "Такой отметки нет.")
		}
		return withAction(personActions[event].TestID, h.Service.Acts.Mark(r.Context(), v, act, event, r.PostForm.Get("reason")))
	})
}

// checkNow handles POST /p/{portal}/acts/{act}/check: polls SBIS for the act at once.
func (h *Handler) checkNow(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAct(w, r, v, func(act acts.ActID) error { return h.Service.Acts.CheckNow(r.Context(), v, act) })
}

// undo handles POST /p/{portal}/acts/{act}/undo: reverts the last mark of a person.
func (h *Handler) undo(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAct(w, r, v, func(act acts.ActID) error {
		return withAction("undo-mark", h.Service.Acts.Undo(r.Context(), v, act, r.PostForm.Get("reason")))
	})
}

// original handles POST /p/{portal}/acts/{act}/original: records that the paper original was received.
func (h *Handler) original(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAct(w, r, v, func(act acts.ActID) error {
		return withAction("mark-original", h.Service.Acts.Original(r.Context(), v, act, r.PostForm.Get("original")))
	})
}

// errNoLetter is the fault of a letter whose shown text was deleted: the usual text would be another than the one that is shown.
var errNoLetter = acts.Faults{{Field: "text", Text: "Впишите текст письма."}}

// letterEmptied reports whether the text of a letter was deleted. A form without it sends the usual text.
func letterEmptied(form url.Values) bool {
	return form.Has("text") && strings.TrimSpace(form.Get("text")) == ""
}

// remindCounterparty handles POST /p/{portal}/acts/{act}/remind-counterparty: sends the counterparty a letter about the missing signature.
func (h *Handler) remindCounterparty(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAct(w, r, v, func(act acts.ActID) error {
		if letterEmptied(r.PostForm) {
			return withAction("remind-counterparty", errNoLetter)
		}
		return withAction("remind-counterparty", h.Service.Acts.RemindCounterparty(r.Context(), v, act, r.PostForm.Get("address"), r.PostForm.Get("text")))
	})
}

// sendPaper handles POST /p/{portal}/acts/{act}/paper: sends a paper act by e-mail, or records how it was sent.
func (h *Handler) sendPaper(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAct(w, r, v, func(act acts.ActID) error {
		get := r.PostForm.Get
		if get("channel") == string(acts.ChannelEmail) && letterEmptied(r.PostForm) {
			return errNoLetter
		}
		return h.Service.Acts.SendPaper(r.Context(), v, act, workflow.SendForm{Channel: get("channel"), Address: get("address"), On: get("on"), Track: get("track"), Seen: get("seen"), Text: get("text")})
	})
}

// relink handles POST /p/{portal}/acts/{act}/relink: moves the act to another deal.
func (h *Handler) relink(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAct(w, r, v, func(act acts.ActID) error {
		deal, _ := strconv.ParseInt(r.PostForm.Get("deal"), 10, 64)
		return withAction("relink-act", h.Service.Acts.Relink(r.Context(), v, act, acts.DealID(deal), r.PostForm.Get("reason")))
	})
}

// restoreItem handles POST /p/{portal}/acts/{act}/item: creates the deleted CRM item of the act again.
func (h *Handler) restoreItem(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAct(w, r, v, func(act acts.ActID) error { return h.Service.CRM.RestoreItem(r.Context(), v, act) })
}

// correct handles POST /p/{portal}/acts/{act}/correct: forms the correction of the act and opens it for editing.
func (h *Handler) correct(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	act, err := web.PathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	made, err := h.Service.Acts.Correct(r.Context(), v, act, r.PostForm.Get("key"))
	if err != nil {
		return h.done(w, r, v, act, err)
	}
	next, err := h.DB.Scope(v.Portal).Acts().Get(r.Context(), made)
	if err != nil || next.MayEdit() != nil { // formed by an earlier click, and handed over since
		return h.done(w, r, v, made, nil)
	}
	http.Redirect(w, r, web.Base(v)+"/acts/"+web.ID(made)+"/edit", http.StatusSeeOther)
	return nil
}

// createSuccessor handles POST /p/{portal}/acts/{act}/copy: creates a new act from this act and redirects to it.
func (h *Handler) createSuccessor(form func(ctx context.Context, v web.Visit, id acts.ActID, key string) (acts.ActID, error)) func(http.ResponseWriter, *http.Request, web.Visit) error {
	return func(w http.ResponseWriter, r *http.Request, v web.Visit) error {
		act, err := web.PathID[acts.ActID](r, "act")
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return web.BadForm(err)
		}
		made, err := form(r.Context(), v, act, r.PostForm.Get("key"))
		if err != nil {
			return h.done(w, r, v, act, err)
		}
		return h.done(w, r, v, made, nil)
	}
}
