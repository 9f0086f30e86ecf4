#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "lib/io/folder_lock.h"

int
folder_lock(const char *folder, struct fault *f)
{
	/* not closed: the lock ends with the descriptor, which children inherit */
	int fd = open(folder, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return fault_sys(f, "%s", folder);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno != EWOULDBLOCK) { /* a file system without locks */
		close(fd);
		return 0;
	}
	close(fd);
	return fault_stop(f, "%s is in use by another run; wait for it, or name another folder",
	    folder);
}
