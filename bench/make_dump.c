/* make_dump - writes a made-up dump of Reddit comments as JSON lines.
 *
 *	usage: make_dump MEBIBYTES [SEED]
 *
 * The fields are those of a dump of 2022 (about 1.3 KB a line); lengths of
 * texts, deleted comments, bots and repeated texts follow what real dumps show.
 * The same arguments give the same bytes. */

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;

static uint64_t
next(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15u; /* splitmix64 */

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static double
uniform(void)
{
	return (double)(next() >> 11) / 9007199254740992.0;
}

static const char *const common[] = { "the", "I", "to", "a", "and", "of", "it", "is", "that", "in",
	"you", "for", "not", "was", "this", "my", "have", "but", "on", "be", "with", "they", "are",
	"just", "like", "so", "if", "at", "what", "as", "can", "or", "do", "don't", "people",
	"would", "all", "about", "your", "think", "really", "when", "love", "hate", "I'm", "one",
	"game", "dog", "money", "work", "kids", "book", "movie", "music", "car", "food", "time",
	"never", "always", "maybe", "because", "feel", "want", "need", "friends", "help", "good",
	"bad", "best", "worst", "favorite", "year", "old", "woman", "man", "school", "science",
	"travel", "gym", "honestly", "please", "thanks", "why", "how", "wrong", "right", "fun" };
enum { COMMON = sizeof(common) / sizeof(common[0]), TEXT = 16384, KEPT = 4096 };

static char kept[KEPT][512];
static unsigned kept_len;

static size_t
put_word(char *to)
{
	static const char *const syllables[] = { "ka", "ro", "mi", "ten", "lo", "na", "ster", "ing",
		"vel", "dor", "pra", "cu" };
	double u = uniform();
	size_t n = 0;

	if (u < 0.75) {
		const char *w = common[(size_t)(COMMON * u / 0.75 * u / 0.75)];

		strcpy(to, w);
		return strlen(w);
	}
	for (int k = 2 + (int)(next() % 3); k > 0; k--) {
		const char *s = syllables[next() % 12];

		strcpy(to + n, s);
		n += strlen(s);
	}
	return n;
}

/* A body, with its JSON escapes. */
static void
make_body(char *to)
{
	double normal = sqrt(-2 * log(uniform() + 1e-12)) * cos(6.2831853 * uniform());
	int words = 1 + (int)exp(2.75 + 0.95 * normal);
	size_t n = 0;

	if (uniform() < 0.01 && kept_len > 0) {
		strcpy(to, kept[next() % (kept_len < KEPT ? kept_len : KEPT)]);
		return;
	}
	for (int i = 0; i < words && n < TEXT - 64; i++) {
		n += put_word(to + n);
		if (i % 11 == 10)
			to[n++] = '.';
		if (uniform() < 0.01) {
			memcpy(to + n, "\\n\\n", 4);
			n += 4;
		} else {
			to[n++] = ' ';
		}
	}
	n -= n > 0 && to[n - 1] == ' ';
	to[n] = '\0';
	if (n < sizeof(kept[0]))
		strcpy(kept[kept_len++ % KEPT], to);
}

static const char *
base36(char *to, uint64_t n)
{
	char *p = to + 15;

	*p = '\0';
	do
		*--p = "0123456789abcdefghijklmnopqrstuvwxyz"[n % 36];
	while ((n /= 36) > 0);
	return p;
}

static size_t
put_line(char *to, uint64_t i)
{
	static char body[TEXT];
	char id[16], post[16], parent[16], author[32];
	double kind = uniform();
	uint64_t who = (uint64_t)(300000 * pow(uniform(), 2)), sub = next() % 4000;
	int64_t at = 1667260800 + (int64_t)(i / 100);
	const char *pid = base36(post, 0x39000000 + next() % 5000 + i / 50);
	const char *kid = base36(id, 0x1f0000000 + 2 * i);

	snprintf(author, sizeof(author), "user_%" PRIu64 "x", who);
	make_body(body);
	if (kind < 0.07) {
		strcpy(author, "[deleted]");
		strcpy(body, kind < 0.05 ? "[deleted]" : "[removed]");
	} else if (kind < 0.10) {
		strcpy(author, "AutoModerator");
		strcpy(body,
		    "*I am a bot, and this action was performed "
		    "automatically. Please contact the moderators.*");
	}
	return (size_t)sprintf(to,
	    "{\"all_awardings\":[],\"archived\":false,"
	    "\"associated_award\":null,\"author\":\"%s\",\"author_created_utc\":%" PRIu64
	    ",\"author_flair_background_color\":null,"
	    "\"author_flair_css_class\":null,\"author_flair_template_id\":null,"
	    "\"author_flair_text\":null,\"author_flair_text_color\":null,"
	    "\"author_flair_richtext\":[],\"author_flair_type\":\"text\","
	    "\"author_fullname\":\"t2_%" PRIx64 "\",\"author_patreon_flair\":false,"
	    "\"author_premium\":false,\"body\":\"%s\",\"can_gild\":true,"
	    "\"collapsed\":false,\"collapsed_because_crowd_control\":null,"
	    "\"collapsed_reason\":null,\"collapsed_reason_code\":null,"
	    "\"comment_type\":null,\"controversiality\":0,\"created_utc\":%" PRId64
	    ",\"distinguished\":null,\"edited\":%s,\"gilded\":0,\"gildings\":{},"
	    "\"id\":\"%s\",\"is_submitter\":false,\"link_id\":\"t3_%s\","
	    "\"locked\":false,\"name\":\"t1_%s\",\"no_follow\":true,"
	    "\"parent_id\":\"%s%s\",\"permalink\":\"\\/r\\/sub%" PRIu64
	    "\\/comments\\/%s\\/some_title_of_a_post\\/%s\\/\",\"retrieved_on\":%" PRId64
	    ",\"score\":%d,\"score_hidden\":false,\"send_replies\":true,"
	    "\"stickied\":false,\"subreddit\":\"sub%" PRIu64 "\","
	    "\"subreddit_id\":\"t5_%" PRIx64 "\",\"subreddit_name_prefixed\":"
	    "\"r\\/sub%" PRIu64 "\",\"subreddit_type\":\"public\","
	    "\"top_awarded_type\":null,\"total_awards_received\":0,"
	    "\"treatment_tags\":[],\"unrepliable_reason\":null}\n",
	    author, 1136073600 + who * 997, who * 97, body, at,
	    uniform() < 0.98 ? "false" : "1667270000.0", kid, pid, kid,
	    uniform() < 0.5 ? "t3_" : "t1_",
	    uniform() < 0.5 ? pid : base36(parent, 0x1f0000000 + 2 * i - next() % 9999), sub, pid,
	    kid, at + 129600, (int)(1 / (uniform() + 1e-4)), sub, 2000000 + sub * 13, sub);
}

int
main(int argc, char **argv)
{
	static char line[TEXT + 4096];
	uint64_t want, done = 0;

	if (argc < 2) {
		fputs("usage: make_dump MEBIBYTES [SEED]\n", stderr);
		return 2;
	}
	want = strtoull(argv[1], NULL, 10) << 20;
	state = argc > 2 ? strtoull(argv[2], NULL, 10) : 7;
	for (uint64_t i = 0; done < want; i++) {
		size_t n = put_line(line, i);

		if (fwrite(line, 1, n, stdout) != n)
			return 2;
		done += n;
	}
	return fflush(stdout) == 0 ? 0 : 2;
}
