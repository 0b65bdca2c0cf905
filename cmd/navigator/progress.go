package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"navigator/indexer"
)

// showProgress returns a function that shows on w how far a build is: as a bar
// on a terminal, as a line for each quarter elsewhere.
func showProgress(w io.Writer) func(indexer.Progress) {
	if isTerminal(w) {
		return progressBar(w)
	}
	shown := 0
	return func(p indexer.Progress) {
		if quarter := int(4 * p.Bytes / max(p.TotalBytes, 1)); quarter > shown {
			shown = quarter
			fmt.Fprintf(w, "indexing: %d %% of %d files\n", 25*quarter, p.TotalFiles)
		}
	}
}

func progressBar(w io.Writer) func(indexer.Progress) {
	var bar *progressbar.ProgressBar
	return func(p indexer.Progress) {
		if bar == nil {
			bar = progressbar.NewOptions64(p.TotalBytes,
				progressbar.OptionSetWriter(w),
				progressbar.OptionSetDescription("indexing"),
				progressbar.OptionShowBytes(true),
				progressbar.OptionThrottle(100*time.Millisecond),
				progressbar.OptionClearOnFinish(),
			)
		}
		// A bar that cannot be drawn is no reason to stop.
		_ = bar.Set64(p.Bytes)
	}
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
