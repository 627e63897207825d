package inspect

import "time"

// A User is a person who may log in; the person's ID is the login name.
type User struct {
	Person
	Hash     string    `json:"-"` // of the password; "": only another house's login lets him in
	Disabled bool      `json:"disabled,omitempty"`
	Language string    `json:"language,omitempty"` // zh or en; "": what his browser asks for
	Created  time.Time `json:"created"`
}

// A Session is a login that lasts. Its key is known to the browser alone; Hash
// is what is kept of it.
type Session struct {
	Hash    string    `json:"-"`
	User    string    `json:"user"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
	Expires time.Time `json:"expires"`
	Address string    `json:"address"`
	Agent   string    `json:"agent"`
}

// A Token lets a program in as a person of its own, until a day.
type Token struct {
	ID      string    `json:"id"`
	Hash    string    `json:"-"`
	Person  Person    `json:"person"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	Used    time.Time `json:"used,omitzero"`
}

// An Answer is what a program was answered, kept for when it asks again.
type Answer struct {
	Request string // digest of what was asked
	Status  int    // of HTTP; 0: it is being made
	Header  map[string]string
	Body    string
}
