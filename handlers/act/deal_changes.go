package act

import (
	"context"
	"net/http"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// keepAct handles POST /p/{portal}/acts/{act}/keep: keeps the act unchanged although its deal has changed.
func (h *Handler) keepAct(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAct(w, r, v, func(act acts.ActID) error { return h.Service.Acts.KeepAct(r.Context(), v, act) })
}

// dealOf returns the deal that an act is compared with, nil when differences do not matter any more or the deal is deleted.
func (h *Handler) dealOf(ctx context.Context, v web.Visit, act acts.Act) (*store.Deal, error) {
	if act.DealState.Empty() || act.Status == acts.StatusSigned || act.Status == acts.StatusAnnulled {
		return nil, nil
	}
	d, err := h.DB.Scope(v.Portal).Deals().Get(ctx, act.Deal)
	if err != nil || d.Deleted {
		return nil, err
	}
	return &d, nil
}

// differenceBanners lists the differences between an act and its deal, with buttons while the act may be edited.
func differenceBanners(v web.Visit, act acts.Act, d store.Deal) []views.Banner {
	list := workflow.DealDifferences(act, d)
	if len(list) == 0 {
		return nil
	}
	n := views.Banner{Tone: "attention", TestID: "deal-changed", Text: "Сделка изменилась после формирования акта:"}
	for _, d := range list {
		n.List = append(n.List, d.String())
	}
	if act.MayEdit() == nil {
		at := web.Base(v) + "/acts/" + web.ID(act.ID)
		n.Buttons = []views.BannerButton{{Href: at + "/renew", Label: "Обновить акт по сделке", TestID: "renew-act"},
			{Href: at + "/keep", Label: "Оставить акт прежним", TestID: "keep-act"}}
	}
	return []views.Banner{n}
}
