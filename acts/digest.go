package acts

// Digest is what waits for one employee on a morning.
type Digest struct {
	Overdue int `db:"overdue"` // acts that the counterparty should have signed by now
	Refused int `db:"refused"` // acts that it refused, and no corrected one was formed
	Ours    int `db:"ours"`    // documents that wait in SBIS for our signature
	Theirs  int `db:"theirs"`  // acts that wait for the counterparty's signature, the overdue ones too
	Lacking int `db:"lacking"` // deals at their stage without an act
}

// DigestLine is one thing that a digest tells of.
type DigestLine string

// The lines of a digest.
const (
	LineOverdue DigestLine = "overdue"
	LineRefused DigestLine = "refused"
	LineOurs    DigestLine = "ours"
	LineTheirs  DigestLine = "theirs"
	LineLacking DigestLine = "lacking"
)

// Lines are what is worth telling, what hurts most first; none when nothing waits. What is overdue is not told twice.
func (d Digest) Lines() (lines []DigestLine) {
	for _, l := range []struct {
		line   DigestLine
		number int
	}{{LineOverdue, d.Overdue}, {LineRefused, d.Refused}, {LineOurs, d.Ours}, {LineTheirs, d.Theirs - d.Overdue}, {LineLacking, d.Lacking}} {
		if l.number > 0 {
			lines = append(lines, l.line)
		}
	}
	return lines
}
