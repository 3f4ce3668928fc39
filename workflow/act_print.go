package workflow

import (
	"bytes"
	"context"

	"acts24/acts"
	"acts24/acts/papercode"
	"acts24/acts/printform"
	"acts24/acts/signed"
	"acts24/store"
)

// PrintForm renders the print form of an act as PDF and returns it with a readable file name. Without a number it is a
// preview.
func (s *Acts) PrintForm(ctx context.Context, v Visit, id acts.ActID) (name string, body []byte, err error) {
	scope := s.db.Scope(v.Portal)
	act, own, err := s.actForPrinting(ctx, scope, id)
	if err != nil {
		return "", nil, err
	}
	body, err = s.RenderPrintForm(ctx, scope, act, own)
	return PrintFormName(act, own), body, err
}

// PrintUPD renders the УПД of an act as PDF and returns it with a readable file name. The document that SBIS has is
// printed from its XML, any other from the act.
func (s *Acts) PrintUPD(ctx context.Context, v Visit, id acts.ActID) (name string, body []byte, err error) {
	scope := s.db.Scope(v.Portal)
	act, _, err := s.actForPrinting(ctx, scope, id)
	if err != nil {
		return "", nil, err
	}
	doc, err := s.printedUPD(ctx, scope, act)
	if err != nil {
		return "", nil, err
	}
	if doc.Signatures, err = signaturesOf(ctx, scope, act); err != nil {
		return "", nil, err
	}
	body, err = doc.PDF()
	return printform.UPDFileName(act), body, err
}

// actForPrinting returns the act with the requisites that its document shows, and our company.
func (s *Acts) actForPrinting(ctx context.Context, scope store.Scope, id acts.ActID) (act acts.Act, own store.OwnCompany, err error) {
	if act, err = scope.Acts().Get(ctx, id); err != nil {
		return act, own, err
	}
	if own, err = scope.Companies().Get(ctx, act.OwnCompany); err != nil || act.Number != "" {
		return act, own, err
	}
	deal, err := scope.Deals().GetWithoutRows(ctx, act.Deal)
	act.Seller = sellerOf(own, deal.Requisites)
	return act, own, err
}

// PrintFormName returns the name under which the print form is saved.
func PrintFormName(act acts.Act, own store.OwnCompany) string {
	if PrintFormContents(act, own) == acts.PaperFormUPD {
		return printform.UPDFileName(act)
	}
	return printform.FileName(act)
}

// PrintFormContents returns what the print form contains; that of an electronic act is the act alone.
func PrintFormContents(act acts.Act, own store.OwnCompany) acts.PaperForm {
	if act.Medium != acts.MediumPaper {
		return acts.PaperFormAct
	}
	return act.PaperContents(own.PaperForm)
}

// RenderPrintForm renders the print form of an act as PDF: the act with the logo of our company, its УПД, or the act
// with its invoice.
func (s *Acts) RenderPrintForm(ctx context.Context, scope store.Scope, act acts.Act, own store.OwnCompany) ([]byte, error) {
	contents := PrintFormContents(act, own)
	var doc printform.UPD
	var err error
	if contents != acts.PaperFormAct {
		if doc, err = s.printedUPD(ctx, scope, act); err != nil {
			return nil, err
		}
	}
	if contents == acts.PaperFormUPD {
		return doc.PDF()
	}
	form := printform.Form{Act: act}
	if form.Signatures, err = signaturesOf(ctx, scope, act); err != nil {
		return nil, err
	}
	if own.Logo != 0 {
		file, err := scope.Files().Get(ctx, own.Logo)
		if err != nil {
			return nil, err
		}
		var logo bytes.Buffer
		if err := scope.Files().Copy(ctx, file, &logo); err != nil {
			return nil, err
		}
		form.Logo = logo.Bytes()
	}
	if contents == acts.PaperFormActAndInvoice {
		return printform.PDFWithInvoice(form, doc)
	}
	return printform.PDF(form)
}

// signaturesOf returns the signatures of an act's document that were fetched from the operator.
func signaturesOf(ctx context.Context, scope store.Scope, act acts.Act) ([]signed.Signature, error) {
	if act.Medium != acts.MediumElectronic {
		return nil, nil
	}
	files, err := scope.Acts().Files(ctx, act.ID)
	return store.SignaturesOf(files), err
}

// printedUPD returns what the printed УПД of an act shows: the content of the XML that SBIS has, otherwise of the XML that would be sent.
func (s *Acts) printedUPD(ctx context.Context, scope store.Scope, act acts.Act) (printform.UPD, error) {
	doc, ok, err := scope.Documents().Live(ctx, act.ID)
	if err == nil && !ok {
		doc, ok, err = scope.Documents().Last(ctx, act.ID)
	}
	if err != nil {
		return printform.UPD{}, err
	}
	if ok && hasTitle(act, doc) {
		file, err := scope.Files().Get(ctx, doc.File)
		if err != nil {
			return printform.UPD{}, err
		}
		if file.Type == TitleType {
			var body bytes.Buffer
			if err := scope.Files().Copy(ctx, file, &body); err != nil {
				return printform.UPD{}, err
			}
			return s.edo.PrintedTitle(body.Bytes())
		}
	}
	upd, faults := s.paperUPD(act)
	upd.Code = papercode.Of(act)
	if len(faults) > 0 {
		return upd, acts.Errorf(acts.Invalid, "УПД не напечатать. %s", acts.JoinDocumentFaults(faults))
	}
	return upd, nil
}

// hasTitle reports whether the document of an attempt has the current content of the act.
func hasTitle(act acts.Act, doc store.EDODocument) bool {
	return act.Medium == acts.MediumElectronic && (doc.Live || act.Status != acts.StatusDraft)
}

// TitleType is the media type of a title in XML.
const TitleType = "application/xml"

// paperUPD returns what the printed УПД of an act shows, and why it cannot be printed.
func (s *Acts) paperUPD(act acts.Act) (printform.UPD, []acts.DocumentFault) {
	doc, faults := s.edo.Printed(act)
	if len(faults) == 0 {
		faults = doc.Faults()
	}
	return doc, faults
}

// UPDFault returns why the УПД of an act cannot be printed, or "". document is what SBIS has of the act, nil for nothing.
func (s *Acts) UPDFault(act acts.Act, document *store.EDODocument) string {
	if document != nil && hasTitle(act, *document) {
		return ""
	}
	if _, faults := s.paperUPD(act); len(faults) > 0 {
		return acts.JoinDocumentFaults(faults)
	}
	return ""
}
