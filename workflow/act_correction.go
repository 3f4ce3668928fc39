package workflow

import (
	"context"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
)

// correction returns the correction that a new act makes to a refused one, dated today.
func (s *Acts) correction(ctx context.Context, r store.Scope, old acts.Act) (acts.Correction, error) {
	zone, err := s.calendar.Zone(ctx, r)
	if err != nil {
		return acts.Correction{}, err
	}
	title, err := titleName(ctx, r, old.ID)
	if err != nil {
		return acts.Correction{}, err
	}
	return acts.CorrectionOf(old, DayIn(s.now(), zone), title), nil
}

// titleName returns the ИдФайл of the last document of the act, "" when that was not XML.
func titleName(ctx context.Context, r store.Scope, act acts.ActID) (string, error) {
	doc, ok, err := r.Documents().Last(ctx, act)
	if err != nil || !ok {
		return "", err
	}
	file, err := r.Files().Get(ctx, doc.File)
	if err != nil {
		return "", err
	}
	name, isXML := strings.CutSuffix(file.Name, ".xml")
	if !isXML {
		return "", nil
	}
	return name, nil
}

// correction reads the date of a correction and why its sums differ.
func (p *parser) correction(a *acts.Act, today time.Time) {
	if !p.form.Correction.IsSet() {
		return
	}
	a.Correction, a.Function = p.form.Correction, acts.FunctionActAndInvoice
	if medium := a.Correction.Medium(); a.Medium != medium {
		kind := map[acts.Medium]string{acts.MediumElectronic: "электронный", acts.MediumPaper: "бумажный"}[medium]
		p.faults.Add("type", "Исправление счёта-фактуры передаётся так же, как исправляемый документ. Выберите %s тип акта.", kind)
	}
	on := p.date("correction-date", p.form.CorrectionDate, true)
	if on.IsZero() {
		return
	}
	a.Correction.Date, a.Correction.Cause = on, acts.CorrectionCause(p.form.CorrectionCause)
	if c := a.Correction.Cause; c != "" && c != acts.CauseMistake && c != acts.CauseAgreement {
		a.Correction.Cause = ""
	}
	p.faults = append(p.faults, acts.CorrectionFaults(*a, today)...)
}

// keptByCorrection refuses to change what a correction must keep of the corrected document.
func keptByCorrection(act, edited acts.Act) (faults acts.Faults) {
	if !act.Correction.IsSet() {
		return nil
	}
	if edited.OwnCompany != act.OwnCompany {
		faults.Add("own", "Исправление сохраняет исполнителя исправляемого документа. Аннулируйте акт и сформируйте новый.")
	}
	if !edited.Date.Equal(act.Date) {
		faults.Add("date", "Исправление сохраняет дату исправляемого документа: %s.", act.Date.Format("02.01.2006"))
	}
	return faults
}

// numberCorrection sets the number of the corrected document and the sequence number of the correction.
func numberCorrection(ctx context.Context, tx store.Tx, act *acts.Act) error {
	last, err := tx.Acts().LastCorrection(ctx, act.OwnCompany, act.Date.Year(), act.Correction.Number)
	if err != nil {
		return err
	}
	if last >= acts.MaxCorrections {
		return acts.Errorf(acts.Conflict, "У документа № %s уже %d исправлений, больше нельзя.", act.Correction.Number, last)
	}
	act.Number, act.Correction.N = act.Correction.Number, last+1
	return nil
}
