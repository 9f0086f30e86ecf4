#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>

#include "lib/io/earlier_files.h"

int
earlier_files_refuse(const char *folder, const char *pattern, struct fault *f)
{
	struct dirent **found;
	int n = scandir(folder, &found, NULL, alphasort), rc = 0;

	if (n < 0)
		return errno == ENOENT ? 0 : fault_sys(f, "%s", folder);
	for (int i = 0; i < n; i++) {
		if (rc == 0 && fnmatch(pattern, found[i]->d_name, 0) == 0)
			rc = fault_stop(f,
			    "%s/%s is from an earlier run; remove that run's files, or name "
			    "another folder with -o",
			    folder, found[i]->d_name);
		free(found[i]);
	}
	free(found);
	return rc;
}
