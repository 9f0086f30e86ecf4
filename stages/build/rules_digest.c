#include "config.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "annotate/rules.h"
#include "lib/io/file_digest.h"
#include "lib/json/json_write.h"
#include "stages/build/rules_digest.h"

static int
is_rule_file(const struct dirent *e)
{
	return e->d_name[0] != '.' && strstr(e->d_name, ".md") == NULL;
}

int
rules_digest(struct buf *b, struct fault *f)
{
	const char *folder = rules_folder(NULL), *before = "{";
	struct dirent **e;
	struct stat st;
	struct buf path = { 0 };
	char hex[FILE_DIGEST_LEN + 1];
	uint64_t size;
	int n = scandir(folder, &e, is_rule_file, alphasort), rc = 0;

	for (int i = 0; i < n; i++) {
		buf_clear(&path);
		buf_printf(&path, "%s/%s", folder, e[i]->d_name);
		buf_add_byte(&path, '\0');
		if (rc == 0 && stat(path.data, &st) == 0 && S_ISREG(st.st_mode)
		    && (rc = file_digest(path.data, hex, &size, f)) == 0) {
			buf_add_str(b, before);
			json_write_text(b, e[i]->d_name, strlen(e[i]->d_name));
			buf_printf(b, ":\"%s\"", hex);
			before = ",";
		}
		free(e[i]);
	}
	if (n >= 0)
		free(e);
	buf_add_str(b, *before == '{' ? "{}" : "}");
	buf_release(&path);
	return rc;
}
