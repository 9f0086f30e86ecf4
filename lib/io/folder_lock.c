#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/core/buf.h"
#include "lib/io/folder_lock.h"

int
make_folders(const char *path, struct fault *f)
{
	struct buf b = { 0 };
	int rc = 0;

	for (const char *p = path; rc == 0; p++) {
		if ((*p == '/' && p > path) || *p == '\0') {
			buf_clear(&b);
			buf_printf(&b, "%.*s", (int)(p - path), path);
			if (mkdir(b.data, 0777) != 0 && errno != EEXIST)
				rc = fault_sys(f, "%s", b.data);
		}
		if (*p == '\0')
			break;
	}
	buf_release(&b);
	return rc;
}

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
