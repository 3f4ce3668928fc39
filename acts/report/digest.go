package report

// Digest holds the counts of what needs the attention of one employee in the morning.
type Digest struct {
	Overdue     int `db:"overdue"`      // acts whose term for the counterparty's signature has passed
	Refused     int `db:"refused"`      // refused acts without a corrected one
	AwaitOurs   int `db:"ours"`         // documents that wait in SBIS for our signature
	AwaitTheirs int `db:"theirs"`       // acts that wait for the counterparty's signature, including the overdue ones
	WithoutActs int `db:"without_acts"` // deals at the configured stage without an act
}

// DigestLine is the key of one line of a digest.
type DigestLine string

// The lines of a digest.
const (
	LineOverdue          DigestLine = "overdue"
	LineRefused          DigestLine = "refused"
	LineOurs             DigestLine = "ours"
	LineTheirs           DigestLine = "theirs"
	LineDealsWithoutActs DigestLine = "lacking"
)

// Lines returns the lines whose number is above zero, the most urgent first. Overdue acts are not counted a
// second time among those that wait for the counterparty.
func (d Digest) Lines() (lines []DigestLine) {
	for _, l := range []struct {
		line   DigestLine
		number int
	}{{LineOverdue, d.Overdue}, {LineRefused, d.Refused}, {LineOurs, d.AwaitOurs}, {LineTheirs, d.AwaitTheirs - d.Overdue}, {LineDealsWithoutActs, d.WithoutActs}} {
		if l.number > 0 {
			lines = append(lines, l.line)
		}
	}
	return lines
}
