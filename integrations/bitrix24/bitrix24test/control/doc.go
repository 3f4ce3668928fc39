// Package control serves the JSON below /_sandbox/ with which a program outside controls a fake portal and reads its state.
// The real Bitrix24 has no such addresses. The README lists them.
package control
