// Package roles decides who may do what: the roles of employees, and whose acts each of them may see by the structure of the company.
package roles
