package drift

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// StageOnly writes c up to where it is decided, as a process does that is killed
// then, having put the first files in their places.
func (c *Change) StageOnly(placed int) error {
	if err := c.stage(); err != nil {
		return err
	}
	dir := filepath.Join(c.root, pendingDir)
	text, err := os.ReadFile(filepath.Join(dir, journalName))
	if err != nil {
		return err
	}
	var j journal
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	for _, p := range j.Files[:min(placed, len(j.Files))] {
		if err := os.Rename(filepath.Join(dir, p.Name), filepath.Join(c.root, p.Path)); err != nil {
			return err
		}
	}
	return nil
}
