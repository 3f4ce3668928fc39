package portal

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// installPage handles GET /p/{portal}/install: the plan of the installation, its progress, or the setup checklist.
func (h *Handler) installPage(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.renderInstall(w, r, v, http.StatusOK, nil)
}

// renderInstall renders the installation with the error of the last action.
func (h *Handler) renderInstall(w http.ResponseWriter, r *http.Request, v web.Visit, status int, tried error) error {
	in, err := h.DB.Scope(v.Portal).Installs().Get(r.Context())
	if err != nil {
		return err
	}
	m := installView(v, in)
	if tried != nil {
		web.ShowError(&m.Frame, "", tried)
	}
	if in.State == store.InstallDone {
		if m.ToDo, err = h.checklist(r, v); err != nil {
			return err
		}
	}
	return web.Render(w, r, status, views.InstallPage(m))
}

// startInstall handles POST /p/{portal}/install: starts the installation after the administrator has agreed.
func (h *Handler) startInstall(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	var pipelines []int64
	for _, text := range r.PostForm["pipeline"] {
		pipe, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return acts.Errorf(acts.Invalid, "Непонятный запрос.")
		}
		pipelines = append(pipelines, pipe)
	}
	if err := h.Service.Setup.StartInstall(r.Context(), v, pipelines); errors.Is(err, acts.Conflict) {
		return h.renderInstall(w, r, v, http.StatusConflict, err)
	} else if err != nil {
		return err
	}
	http.Redirect(w, r, web.Base(v)+"/install", http.StatusSeeOther)
	return nil
}

var installWords = map[store.InstallState]struct {
	chip  views.Chip
	words string
}{
	store.InstallAsked:   {views.Chip{Text: "Проверено", Tone: "neutral"}, "Посмотрите, что будет создано на портале, и нажмите «Установить»."},
	store.InstallRunning: {views.Chip{Text: "Идёт", Tone: "progress"}, "Создаём на портале то, что нужно приложению. Страницу можно закрыть, установка продолжится."},
	store.InstallFailed:  {views.Chip{Text: "Остановилась", Tone: "problem"}, "Установка не закончена. Исправьте то, что написано ниже, и нажмите «Повторить»."},
	store.InstallDone:    {views.Chip{Text: "Готово", Tone: "success"}, "Приложение установлено и работает."},
}

func installView(v web.Visit, in store.Install) views.Install {
	word := installWords[in.State]
	m := views.Install{Frame: web.Frame(v, "Установка"), State: string(in.State), Chip: word.chip, StatusText: word.words, Problem: in.Problem,
		Busy: in.State == store.InstallRunning, Button: "Установить",
		People: "Пока в «Настройки» → «Люди» никого не добавили, " + workflow.UntilAdded}
	if v.State == acts.PortalActive {
		m.Button = "Восстановить"
	}
	for _, c := range in.Plan.Checks {
		state := "ok"
		if c.Required {
			state, m.Blocked = "bad", true
		} else if !c.OK {
			state = "open"
		}
		m.Checks = append(m.Checks, views.Check{State: state, Title: c.Title, Text: c.Text})
	}
	for _, l := range in.Plan.Stages {
		m.MissingStages = append(m.MissingStages, views.MissingStages{Pipeline: web.ID(l.Pipeline), Name: l.Name, Stages: "«" + strings.Join(l.Stages, "», «") + "»"})
	}
	m.Plan = planItems(in.Plan)
	if in.State != store.InstallAsked {
		m.Steps = installSteps(in)
	}
	return m
}

// partLabels are the labels of the parts of an installation, with the plural forms of what they create.
var partLabels = map[workflow.InstallPart]struct {
	label          string
	one, few, many string
}{
	workflow.PartProcess:    {"Смарт-процесс «Акты»", "смарт-процесс «Акты»", "", ""},
	workflow.PartStages:     {"Стадии актов", "стадия актов", "стадии актов", "стадий актов"},
	workflow.PartFields:     {"Поля актов, сделок, компаний и контактов", "поле", "поля", "полей"},
	workflow.PartDeals:      {"Стадии сделок", "стадия сделок", "стадии сделок", "стадий сделок"},
	workflow.PartPlaces:     {"Вкладки и пункт меню", "место в карточках и меню", "места в карточках и меню", "мест в карточках и меню"},
	workflow.PartEvents:     {"Подписка на события", "подписка на события", "подписки на события", "подписок на события"},
	workflow.PartAutomation: {"Значки, роботы и триггеры сделок", "значок, робот или триггер", "значка, робота и триггера", "значков, роботов и триггеров"},
	workflow.PartNames:      {"Проверка созданного", "", "", ""},
}

func planItems(plan store.InstallPlan) (list []views.PlanItem) {
	for _, part := range workflow.InstallParts {
		made, words := plan.Missing[string(part)], partLabels[part]
		if part == workflow.PartProcess && len(made) > 0 {
			list = append(list, views.PlanItem{Text: words.one})
		} else if len(made) > 0 {
			list = append(list, views.PlanItem{Text: views.Plural(len(made), words.one, words.few, words.many), Names: made})
		}
	}
	return list
}

func installSteps(in store.Install) (list []views.InstallStep) {
	next := true // the first step that is not done is running
	for _, s := range in.Steps {
		step := views.InstallStep{Part: s.Part, Label: partLabels[workflow.InstallPart(s.Part)].label, State: "waiting", StateText: "ждёт"}
		switch {
		case s.Done:
			step.State, step.StateText = "done", "готово"
			if n := len(s.Made); n > 0 && s.Part != string(workflow.PartProcess) {
				step.Text = fmt.Sprintf("создано: %d", n)
			} else if n == 0 && s.Part != string(workflow.PartNames) {
				step.Text = "уже было"
			}
		case next && in.State == store.InstallFailed:
			step.State, step.StateText, next = "failed", "не получилось", false
		case next:
			step.State, step.StateText, next = "now", "создаётся", false
		}
		list = append(list, step)
	}
	return list
}
