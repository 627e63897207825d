package elderpage

import (
	"testing"

	"github.com/xunjian/xunjian/checks/checktest"
)

func Test(t *testing.T) { checktest.Run(t, Check) }
