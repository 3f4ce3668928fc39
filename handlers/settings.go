package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// installed ends the installation in the portal's window.
func (s *Server) installed(w http.ResponseWriter, r *http.Request, v Visit) error {
	return render(w, r, http.StatusOK, views.InstalledPage(frameOf(v, "Установка")))
}

// settings shows what an administrator sets.
func (s *Server) settings(w http.ResponseWriter, r *http.Request, v Visit) error {
	notice := map[string]string{"saved": "Сохранено.", "checked": "СБИС отвечает, вход выполнен."}[r.URL.Query().Get("done")]
	return s.renderSettings(w, r, v, http.StatusOK, settingsPage{notice: notice})
}

type settingsPage struct {
	notice   string
	tried    error
	company  acts.CompanyID         // whose form the faults belong to, 0 for an account
	question *workflow.QuestionForm // what was typed of the question
	days     *workflow.DaysForm     // what was typed of working days
}

func (s *Server) renderSettings(w http.ResponseWriter, r *http.Request, v Visit, status int, p settingsPage) error {
	scope := s.db.Scope(v.Portal)
	kept, err := scope.Settings(r.Context())
	if err != nil {
		return err
	}
	own, err := scope.OwnCompanies(r.Context())
	if err != nil {
		return err
	}
	accounts, err := scope.EDOAccounts(r.Context())
	if err != nil {
		return err
	}
	dead, err := scope.DeadTasks(r.Context())
	if err != nil {
		return err
	}
	feeds, err := scope.Feeds(r.Context())
	if err != nil {
		return err
	}
	m := views.Settings{Frame: frameOf(v, "Настройки"), DoneByFormed: kept.DoneByFormed, WithoutFiles: kept.WithoutFiles,
		Question: questionRules(kept, own, p.question, s.now().In(zoneOf(v))), Days: daysView(kept, p.days, s.now().In(zoneOf(v)))}
	m.Menu, m.Here, m.Notice = true, "/settings", p.notice
	var faults acts.Faults
	errors.As(p.tried, &faults)
	if p.tried != nil {
		m.Alert = sentenceOf(p.tried)
	}
	if p.company == 0 {
		m.Faults = faultMap(faults)
	}
	if p.question != nil {
		m.Question.Faults = faultMap(faults)
	}
	if p.days != nil {
		m.Days.Faults = faultMap(faults)
	}
	for _, pipe := range kept.Pipelines {
		m.Pipelines = append(m.Pipelines, pipelineView(pipe))
	}
	for _, c := range own {
		view := companyView(c, accounts, feeds)
		if c.ID == p.company {
			view.Faults = faultMap(faults)
		}
		m.Companies = append(m.Companies, view)
	}
	for _, a := range accounts {
		m.Accounts = append(m.Accounts, views.Account{ID: id(a.ID), Name: a.Name, Problem: a.Problem})
	}
	for _, t := range dead {
		m.Dead = append(m.Dead, views.DeadTask{ID: id(t.ID), What: taskWords(t), Problem: t.Problem})
	}
	return render(w, r, status, views.SettingsPage(m))
}

func pipelineView(p store.Pipeline) views.Pipeline {
	m := views.Pipeline{ID: id(p.ID), Name: p.Name}
	awaiting := p.Awaiting()
	for _, s := range p.Stages {
		m.Await = append(m.Await, views.Option{Value: s.ID, Label: s.Name, Chosen: slices.Contains(awaiting, s.ID)})
	}
	for _, stage := range acts.MappedStages {
		choice := views.StageChoice{Field: fmt.Sprintf("stage-%d-%s", p.ID, stage.Key()), Label: stage.Name(),
			Options: []views.Option{{Value: "", Label: "Не ставить"}}}
		for _, s := range p.Stages {
			choice.Options = append(choice.Options, views.Option{Value: s.ID, Label: s.Name, Chosen: p.Mapped[stage] == s.ID})
		}
		m.Stages = append(m.Stages, choice)
	}
	return m
}

func companyView(c store.OwnCompany, accounts []store.EDOAccount, feeds []store.Feed) views.Company {
	m := views.Company{ID: id(c.ID), Name: c.Party.Name, Details: partyDetails(c.Party), Participant: c.Party.Participant,
		Signer: c.Signer.FullName(), Position: c.Signer.Position, Ground: c.Signer.Ground, Numbers: c.Numbers,
		VATGround: c.VATGround, Logo: c.Logo != 0,
		Forms:     options(c.Form, store.FormUPD, "УПД 5.03 (формализованный)", store.FormPDF, "PDF акта (неформализованный)"),
		Functions: options(string(c.Function), string(acts.ActOnly), "Только акт (ДОП)", string(acts.ActAndInvoice), "Акт и счёт-фактура (СЧФДОП)"),
		Accounts:  []views.Option{{Value: "0", Label: "Не подключён", Chosen: c.AccountID == 0}},
		State:     views.Chip{Text: "СБИС не подключён", Tone: "attention"}}
	for _, a := range accounts {
		m.Accounts = append(m.Accounts, views.Option{Value: id(a.ID), Label: a.Name, Chosen: a.ID == c.AccountID})
	}
	for _, f := range feeds {
		if f.Company != c.ID || c.AccountID == 0 {
			continue
		}
		m.State = views.Chip{Text: "СБИС подключён", Tone: "success"}
		if f.Problem != "" {
			m.State = views.Chip{Text: f.Problem, Tone: "problem"}
		}
	}
	return m
}

// settled leads back to the settings after a change, or shows the reasons at their fields.
func (s *Server) settled(w http.ResponseWriter, r *http.Request, v Visit, done string, company acts.CompanyID, err error) error {
	if err == nil {
		http.Redirect(w, r, base(v)+"/settings?done="+done, http.StatusSeeOther)
		return nil
	}
	if status := statusOf(err); status == http.StatusConflict || status == http.StatusUnprocessableEntity || status == http.StatusServiceUnavailable {
		return s.renderSettings(w, r, v, status, settingsPage{tried: err, company: company})
	}
	return err
}

func (s *Server) savePipelines(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	return s.settled(w, r, v, "saved", 0, s.service.SavePipelines(r.Context(), v, readPipelines(r.PostForm), workflow.Rules{
		DoneByFormed: r.PostForm.Get("done-by-formed") != "", WithoutFiles: r.PostForm.Get("without-files") != ""}))
}

func readPipelines(form url.Values) (list []workflow.PipelineForm) {
	byID := map[int64]*workflow.PipelineForm{}
	of := func(pipe int64) *workflow.PipelineForm {
		if byID[pipe] == nil {
			byID[pipe] = &workflow.PipelineForm{ID: pipe, Mapped: map[string]string{}}
		}
		return byID[pipe]
	}
	for name, values := range form {
		var pipe int64
		var key string
		if n, _ := fmt.Sscanf(name, "stage-%d-%s", &pipe, &key); n == 2 {
			of(pipe).Mapped[key] = values[0]
		} else if n, _ := fmt.Sscanf(name, "await-%d", &pipe); n == 1 {
			of(pipe).Await = values
		}
	}
	for _, f := range byID {
		list = append(list, *f)
	}
	return list
}

func (s *Server) saveCompany(w http.ResponseWriter, r *http.Request, v Visit) error {
	company, err := pathID[acts.CompanyID](r, "company")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	var account int64
	fmt.Sscan(r.PostForm.Get("account"), &account)
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	err = s.service.SaveCompany(r.Context(), v, workflow.CompanyForm{ID: company, Account: account, Participant: get("participant"),
		Signer: get("signer"), Position: get("position"), Ground: get("ground"), Function: get("function"), Numbers: get("numbers"), Form: get("form"), VATGround: get("vat-ground")})
	return s.settled(w, r, v, "saved", company, err)
}

func (s *Server) saveAccount(w http.ResponseWriter, r *http.Request, v Visit) error {
	account, err := pathID[int64](r, "account")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	err = s.service.SaveAccount(r.Context(), v, store.EDOAccount{ID: account, Name: get("name"), Login: store.Login{
		AppClientID: get("app_client_id"), AppSecret: get("app_secret"), SecretKey: get("secret_key"), Login: get("login"), Password: get("password")}})
	return s.settled(w, r, v, "saved", 0, err)
}

func (s *Server) checkAccount(w http.ResponseWriter, r *http.Request, v Visit) error {
	account, err := pathID[int64](r, "account")
	if err != nil {
		return err
	}
	return s.settled(w, r, v, "checked", 0, s.service.CheckAccount(r.Context(), v, account))
}

func (s *Server) repeatTask(w http.ResponseWriter, r *http.Request, v Visit) error {
	task, err := pathID[int64](r, "task")
	if err != nil {
		return err
	}
	return s.settled(w, r, v, "saved", 0, s.service.RepeatTask(r.Context(), v, task))
}
