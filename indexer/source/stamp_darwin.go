package source

import (
	"syscall"

	"navigator/indexer"
)

func stampOf(st *syscall.Stat_t) indexer.Stamp {
	return indexer.Stamp{Size: st.Size, Modified: st.Mtimespec.Nano(), Change: st.Ctimespec.Nano(), Inode: st.Ino}
}
