#include "config.h"

#include <sys/stat.h>

#include "infer/model/gguf.h"
#include "infer/model/hf_folder.h"
#include "infer/model/open_model_file.h"

int
model_file_open(struct model_file *mf, const char *name, struct arena *a, struct fault *f)
{
	struct stat st;
	int rc;

	*mf = (struct model_file){ 0 };
	if (stat(name, &st) < 0)
		return fault_sys(f, "%s", name);
	mf->is_folder = S_ISDIR(st.st_mode);
	rc = mf->is_folder ? hf_folder_open(mf, name, a, f) : gguf_open(mf, name, a, f);
	if (rc < 0)
		model_file_close(mf);
	return rc;
}

void
model_file_close(struct model_file *mf)
{
	for (size_t i = 0; i < mf->maps; i++)
		mapped_file_close(&mf->map[i]);
	mf->maps = 0;
	hash_index_release(&mf->key_by_name);
	hash_index_release(&mf->tensor_by_name);
}
