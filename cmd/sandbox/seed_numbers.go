package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
)

// inn10 completes nine digits to the INN of a legal entity.
func inn10(base string) string { return base + checkDigit(base, 2, 4, 10, 3, 5, 9, 4, 6, 8) }

// inn12 completes ten digits to the INN of a person.
func inn12(base string) string {
	eleven := base + checkDigit(base, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
	return eleven + checkDigit(eleven, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
}

func checkDigit(base string, weights ...int) string {
	sum := 0
	for i, w := range weights {
		sum += w * int(base[i]-'0')
	}
	return strconv.Itoa(sum % 11 % 10)
}

// ogrn completes twelve digits (legal entity) or fourteen (ИП) by the rest of the division by 11 or 13.
func ogrn(base string) string {
	n, err := strconv.ParseUint(base, 10, 64)
	if err != nil {
		panic(err)
	}
	modulus := uint64(11)
	if len(base) == 14 {
		modulus = 13
	}
	return base + strconv.FormatUint(n%modulus%10, 10)
}

// sbisBox is a participant id of the shape that SBIS gives: 2BE and 32 hexadecimal digits.
func sbisBox(inn string) string {
	sum := sha256.Sum256([]byte("box " + inn))
	return "2BE" + hex.EncodeToString(sum[:16])
}

// diadocBox is a participant id of the shape that Diadoc gives.
func diadocBox(inn, kpp string) string {
	if kpp == "" {
		return fmt.Sprintf("2BM-%s-20190412101500", inn)
	}
	return fmt.Sprintf("2BM-%s-%s-201904121015", inn, kpp)
}
