package printform

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/acts/signed"
)

// signatures are those of both parties, with long names, and one that cannot be read.
func signatures() []signed.Signature {
	at := time.Date(2026, 11, 3, 9, 0, 11, 0, time.UTC)
	ours := signed.Signature{Side: acts.SideOurs, Of: "a.xml", At: at, Match: signed.MatchYes, Certificate: signed.Certificate{Owner: "Константинопольская Александра Владиславовна",
		Position: "Генеральный директор", Organization: "ФГБОУ ВО «Российский государственный университет внешней торговли и международного экономического сотрудничества»", OrgINN: "7701010105",
		Issuer: "АО «Удостоверяющий центр»", Serial: "01D9A0B1C2D3E4F5", From: at.AddDate(0, -1, 0), To: at.AddDate(1, 0, 0)}}
	theirs := ours
	theirs.Side, theirs.Certificate.Owner, theirs.Power = acts.SideTheirs, "Петров Пётр Петрович", signed.Power{Number: "6f1d3e0a-8f0c-4c25-9d3b-2f6a1b7c9d10", Issued: "12.01.2026", System: "https://m4d.nalog.gov.ru/"}
	return []signed.Signature{ours, theirs, {Side: acts.SideTheirs, Of: "a.xml", Problem: "Файл подписи пустой."}}
}

// The stamp names every signer, on the act and on the УПД; nothing of it is outside the margins or on other text.
func TestStamp(t *testing.T) {
	needPoppler(t)
	for name, a := range extremeActs() {
		if len(a.Lines) > 40 {
			continue
		}
		file := writePDF(t, Form{Act: a, Signatures: signatures()})
		checkPlaces(t, words(t, file))
		text := withoutSpaces(read(t, file))
		for _, want := range []string{"Константинопольская", "ПетровПётрПетрович", "01D9A0B1C2D3E4F5", "6f1d3e0a", "03.11.202612:00(МСК)", "Подписьотноситсякэтомуфайлу", "непрочитана"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the stamp lacks %q", name, want)
			}
		}
	}
	doc := UPD{Number: "5", Date: "31.10.2026", Seller: UPDParty{Name: "ООО «Мы»"}, Buyer: UPDParty{Name: "ООО «Заказчик»"}, Signatures: signatures()}
	pdf, err := doc.PDF()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "upd.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if text := withoutSpaces(read(t, file)); !strings.Contains(text, "ПетровПётрПетрович") || !strings.Contains(text, "Листов") && !strings.Contains(text, "Лист1из1") {
		t.Errorf("the УПД has no stamp: %s", text)
	}
	if keep := os.Getenv("STAMP_PICTURES"); keep != "" {
		if err := os.WriteFile(filepath.Join(keep, "upd.pdf"), pdf, 0o600); err != nil {
			t.Error(err)
		}
		for _, a := range extremeActs() {
			act, err := PDF(Form{Act: a, Signatures: signatures()[:2]})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(keep, "act.pdf"), act, 0o600); err != nil {
				t.Error(err)
			}
			break
		}
	}
}
