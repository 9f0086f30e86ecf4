#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/core/buf.h"
#include "lib/core/temp_file.h"

const char *
temp_file_folder(const char *given)
{
	const char *folder = given != NULL ? given : getenv("TMPDIR");

	return folder != NULL && folder[0] != '\0' ? folder : "/tmp";
}

int
temp_file_open(const char *folder, struct fault *f)
{
	struct buf name = { 0 };
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	buf_printf(&name, "%s/alignx-XXXXXX", folder);
	buf_add_byte(&name, '\0');
	if ((fd = mkostemp(name.data, O_CLOEXEC)) < 0)
		fault_sys(f, "%s", folder);
	else
		unlink(name.data);
	buf_release(&name);
	return fd < 0 ? -2 : fd;
}
