package inspect

// A Role says what a person may decide.
type Role string

// The roles. Program is nobody's: it stands for what inspections and clocks do.
const (
	Supervisor Role = "supervisor" // 监管员: confirms, orders, decides, issues
	Agency     Role = "agency"     // 责任单位: sees and repairs its own
	Operations Role = "operations" // 运维: keeps the program running
	Auditor    Role = "auditor"    // 审计员: reads everything, changes nothing
	Admin      Role = "admin"      // 管理员: users and settings, no findings
	Program    Role = "program"
)

// Roles are those that a person can have, in display order.
var Roles = []Role{Supervisor, Agency, Operations, Auditor, Admin}

// Chinese is the role as users read it.
func (r Role) Chinese() string {
	switch r {
	case Supervisor:
		return "监管员"
	case Agency:
		return "责任单位"
	case Operations:
		return "运维"
	case Auditor:
		return "审计员"
	case Admin:
		return "管理员"
	}
	return "系统"
}

// A Person is who acts on a case.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role Role   `json:"role"`
	Unit string `json:"unit,omitempty"` // id of the unit, of an agency's person
}

// Reads reports whether a person may see the cases of a unit.
func (p *Person) Reads(unit string) bool {
	switch p.Role {
	case Supervisor, Auditor, Program:
		return true
	case Agency:
		return p.Unit != "" && p.Unit == unit
	}
	return false
}
