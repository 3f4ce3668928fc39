// Package roles says who may do what: the roles of employees, and whose acts the structure of the company lets each of them see.
package roles
