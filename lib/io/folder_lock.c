#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
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
folder_lock(const char *folder, unsigned seconds, struct fault *f)
{
	/* not closed: the lock ends with the descriptor, which children inherit */
	int fd = open(folder, O_RDONLY | O_DIRECTORY), rc;

	if (fd < 0)
		return fault_sys(f, "%s", folder);
	for (unsigned tries = 10 * seconds;
	     (rc = flock(fd, LOCK_EX | LOCK_NB)) != 0 && errno == EWOULDBLOCK && tries > 0; tries--)
		nanosleep(&(struct timespec){ 0, 100000000 }, NULL);
	if (rc == 0)
		return 0;
	rc = errno;
	close(fd);
	if (rc != EWOULDBLOCK) /* a file system without locks */
		return 0;
	return fault_stop(f, "%s is in use by another run; wait for it, or name another folder",
	    folder);
}
