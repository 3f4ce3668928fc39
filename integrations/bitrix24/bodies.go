package bitrix24

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
)

// Body is a file as a parameter of a call: it is sent as its name and its content in base64 (section 5), and its
// content is read only while the request leaves, so that a call costs the same memory whatever the size of its files.
// Open is called once for every attempt. Files cannot go into a batch.
type Body struct {
	Name string
	Size int64 // exactly
	Open func() (io.ReadCloser, error)
}

// MarshalJSON refuses: a file is carved out of the parameters before they become text, which only a call of its own
// does. The same refusal keeps files out of batches.
func (Body) MarshalJSON() ([]byte, error) { return nil, errParameter }

func (b *Body) whole() bool { return b.Size >= 0 && b.Open != nil }

// Kept names a file that stays in a multiple field: those that an update does not name are deleted (section 5).
func Kept(id ID) Params { return Params{"id": int64(id)} }

// FileData is the shape of a file in activities and in the older methods.
func FileData(b Body) Params { return Params{"fileData": b} }

// payload is a request body in parts: text and the files between them.
type payload struct {
	parts []part
	size  int64
}

// part is text, or a file when file is set.
type part struct {
	text []byte
	file *Body
}

// textPayload is a body without files.
func textPayload(text []byte) payload {
	return payload{parts: []part{{text: text}}, size: int64(len(text))}
}

// newPayload writes params as JSON and puts the files where they belong.
func newPayload(params Params) (payload, error) {
	c := carver{mark: fileMark()}
	text, err := plainJSON(c.params(params))
	if err != nil {
		return payload{}, err
	}
	var p payload
	for n, piece := range bytes.Split(text, []byte(`"`+c.mark)) {
		if n > 0 {
			number, rest, _ := bytes.Cut(piece, []byte(`"`))
			at, err := strconv.Atoi(string(number))
			if err != nil || at >= len(c.files) || !c.files[at].whole() {
				return payload{}, errParameter
			}
			p.addFile(c.files[at])
			piece = append([]byte(`"`), rest...)
		}
		p.addText(piece)
	}
	return p, nil
}

func (p *payload) addText(text []byte) {
	p.parts = append(p.parts, part{text: text})
	p.size += int64(len(text))
}

func (p *payload) addFile(file *Body) {
	p.addText([]byte(`"`))
	p.parts = append(p.parts, part{file: file})
	p.size += int64(base64.StdEncoding.EncodedLen(int(file.Size)))
}

// carver replaces the files in parameters by marks that the text cannot hold otherwise.
type carver struct {
	mark  string
	files []*Body
}

func (c *carver) params(in Params) Params {
	out := make(Params, len(in))
	for name, value := range in {
		out[name] = c.value(value)
	}
	return out
}

// value looks into the shapes that our builders make; a file anywhere else is refused by its MarshalJSON.
func (c *carver) value(v any) any {
	switch v := v.(type) {
	case Body:
		c.files = append(c.files, &v)
		return []string{v.Name, c.mark + strconv.Itoa(len(c.files)-1)}
	case []Body:
		return carved(c, v)
	case Params:
		return c.params(v)
	case []Params:
		return carved(c, v)
	case []any:
		return carved(c, v)
	}
	return v
}

func carved[T any](c *carver, list []T) []any {
	out := make([]any, 0, len(list))
	for _, item := range list {
		out = append(out, c.value(item))
	}
	return out
}

// fileMark is different in every request, so that no text of a person can be taken for a file.
func fileMark() string {
	secret := make([]byte, 16)
	_, _ = rand.Read(secret)
	return fmt.Sprintf("file-%s-", hex.EncodeToString(secret))
}
