package upd

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

const buyerKND = "1115132"

// The verdicts of a buyer (КодИтога, docs/contracts/sbis.md, "УПД: buyer title"). Refused comes with a signature too.
const (
	Accepted            = 1
	AcceptedWithRemarks = 2
	Refused             = 3
)

// BuyerTitle is a buyer's title (КНД 1115132) that answers our title.
type BuyerTitle struct {
	Code       int       // Accepted, AcceptedWithRemarks or Refused
	SellerFile string    // ИдФайл of the title it answers
	Date       time.Time // the day of acceptance
	Remarks    string    // the discrepancies in a title that accepts with them
}

// Answers reports whether the title answers our title with this file name, with or without the extension. A verdict on another file or
// revision must not be applied.
func (t BuyerTitle) Answers(name string) bool {
	return t.SellerFile != "" && t.SellerFile == strings.TrimSuffix(name, ".xml")
}

// buyerFile holds the parts of the buyer's title that we read.
type buyerFile struct {
	XMLName  xml.Name `xml:"Файл"`
	Document struct {
		KND    string `xml:"КНД,attr"`
		Seller struct {
			File string `xml:"ИдФайлИнфПр,attr"`
		} `xml:"ИдИнфПрод"`
		Content struct {
			Acceptance struct {
				Date   string `xml:"ДатаПрин,attr"`
				Text   string `xml:"СодОпер,attr"`
				Result struct {
					Code     string `xml:"КодИтога,attr"`
					Document struct {
						Name   string `xml:"РеквНаимДок,attr"`
						Number string `xml:"РеквНомерДок,attr"`
						Date   string `xml:"РеквДатаДок,attr"`
					} `xml:"РеквДокРасх"`
				} `xml:"КодСодОпер"`
			} `xml:"СвПрин"`
		} `xml:"СодФХЖ4"`
	} `xml:"Документ"`
}

// ReadBuyer reads a buyer's title.
func ReadBuyer(body []byte) (BuyerTitle, error) {
	var f buyerFile
	if err := decode(body, &f); err != nil {
		return BuyerTitle{}, fmt.Errorf("buyer's title: %w", err)
	}
	if f.Document.KND != buyerKND {
		return BuyerTitle{}, fmt.Errorf("buyer's title: КНД %q", f.Document.KND)
	}
	acceptance := f.Document.Content.Acceptance
	code := strings.Index("123", acceptance.Result.Code) + 1
	if len(acceptance.Result.Code) != 1 || code == 0 {
		return BuyerTitle{}, fmt.Errorf("buyer's title: КодИтога %q", acceptance.Result.Code)
	}
	date, err := time.Parse(dateLayout, acceptance.Date)
	if err != nil {
		return BuyerTitle{}, fmt.Errorf("buyer's title: ДатаПрин: %w", err)
	}
	title := BuyerTitle{Code: code, SellerFile: f.Document.Seller.File, Date: date}
	if code == AcceptedWithRemarks {
		title.Remarks = strings.TrimSpace(acceptance.Text)
		if d := acceptance.Result.Document; d.Name != "" {
			title.Remarks = strings.TrimPrefix(title.Remarks+". "+d.Name+" № "+d.Number+" от "+d.Date, ". ")
		}
	}
	return title, nil
}
