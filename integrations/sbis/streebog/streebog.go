// Package streebog computes the hash of ГОСТ Р 34.11-2012 (RFC 6986), with which qualified signatures name the file that they sign.
package streebog

import "encoding/binary"

// blockSize is the number of bytes of one block.
const blockSize = 64

// block holds 512 bits, the lowest first.
type block [8]uint64

// Sum256 returns the hash of 256 bits.
func Sum256(data []byte) [32]byte {
	var initial block
	for i := range initial {
		initial[i] = 0x0101010101010101
	}
	sum := digest(data, initial)
	return [32]byte(sum[32:])
}

// Sum512 returns the hash of 512 bits.
func Sum512(data []byte) [64]byte { return digest(data, block{}) }

// digest hashes data from an initial state (RFC 6986).
func digest(data []byte, h block) [64]byte {
	var bits, sum block
	for ; len(data) >= blockSize; data = data[blockSize:] {
		m := load(data)
		h = compress(h, bits, m)
		bits, sum = add(bits, block{8 * blockSize}), add(sum, m)
	}
	var last [blockSize]byte
	copy(last[:], data)
	last[len(data)] = 1
	m := load(last[:])
	h = compress(h, bits, m)
	bits, sum = add(bits, block{8 * uint64(len(data))}), add(sum, m)
	h = compress(h, block{}, bits)
	h = compress(h, block{}, sum)
	var out [64]byte
	for i, lane := range h {
		binary.LittleEndian.PutUint64(out[8*i:], lane)
	}
	return out
}

func load(data []byte) (b block) {
	for i := range b {
		b[i] = binary.LittleEndian.Uint64(data[8*i:])
	}
	return b
}

// add adds modulo 2^512.
func add(a, b block) (sum block) {
	var carry uint64
	for i := range a {
		s := a[i] + b[i]
		over := s < a[i]
		sum[i] = s + carry
		if over || sum[i] < s {
			carry = 1
		} else {
			carry = 0
		}
	}
	return sum
}

func xor(a, b block) (out block) {
	for i := range a {
		out[i] = a[i] ^ b[i]
	}
	return out
}

// compress is the compression function g of RFC 6986.
func compress(h, n, m block) block {
	key, state := transform(xor(h, n)), m
	for _, c := range constants {
		state = transform(xor(state, key))
		key = transform(xor(key, c))
	}
	return xor(xor(xor(state, key), h), m)
}

// transform is L(P(S(b))): substitution, transposition and the linear map, from tables of single bytes.
func transform(b block) (out block) {
	for i := range out {
		for k, lane := range b {
			out[i] ^= table[k][byte(lane>>(8*i))]
		}
	}
	return out
}

// table[k][v] is the image of the value v at byte k of a lane.
var table = func() (t [8][256]uint64) {
	for k := range t {
		for v := range t[k] {
			t[k][v] = linear(uint64(substitution[v]) << (8 * k))
		}
	}
	return t
}()

// linear multiplies a lane by the matrix.
func linear(lane uint64) (out uint64) {
	for bit := range 64 {
		if lane>>bit&1 == 1 {
			out ^= matrix[63-bit]
		}
	}
	return out
}
