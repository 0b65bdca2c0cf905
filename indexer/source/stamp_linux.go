package source

import (
	"syscall"

	"navigator/indexer"
)

func stampOf(st *syscall.Stat_t) indexer.Stamp {
	return indexer.Stamp{Size: st.Size, Modified: st.Mtim.Nano(), Change: st.Ctim.Nano(), Inode: st.Ino}
}
