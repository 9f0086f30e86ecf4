/* no_answer.c - finds notices of moderators, and texts that say that a bot wrote them.
 *
 * Few texts have one of the signs that all such texts have; only these are turned into plain
 * words and compared with patterns.  Bots and moderators say what they are at the beginning or
 * at the end, so only these are read. */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "lib/core/target_clones.h"
#include "stages/ingest/no_answer.h"
#include "stages/ingest/plain_words.h"

enum { PART = 2000 }; /* bytes of the beginning and of the end that are read */

/* In the form of plain_words.h: a sentence begins after [.?]. */
#define GREETING \
	"(?:(?:hi|hello|hey|greetings|there|everyone|friend|human|sorry|be+p|ble+p|bo+p|blo+p)[ ,]){0,3}"
#define THING "(?:submission|post|comment|thread|link|question|reply|content)s?"
#define NUMBERED "rules? (?:no |number )?(?:\\d|one|two|three|four|five|six|seven)"

static const struct {
	enum no_answer_kind is;
	const char *pattern;
} patterns[] = {
	/* "I'm a friendly bot, and this action was performed automatically", but not "I am a bot
	 * developer" or "I'm a bot, lol" */
	{ NO_ANSWER_BOT,
	    "[.?]" GREETING "i(?: a)?m (?:just |only |actually |also )?an? (?:\\w+ ){0,2}bot"
	    "(?=[.]|[ ,](?:and|but|so) (?:this|my|i|im|ill|all|cant|cannot|not|should|will|am)\\b"
	    "|[ ,](?:be+p|ble+p|bo+p|blo+p)\\b|,(?:please|if|i|im|my|this|here|made|created)\\b"
	    "| (?:that|which|whose|made|created|written|built|designed|developed|programmed"
	    "|trained|running|by)\\b)" },
	{ NO_ANSWER_BOT,
	    "(?:[.?]|^[^\"]*,and )this (?:action|comment|reply|response|summary) (?:was|is|has been) "
	    "(?:(?:performed|posted|made|generated|written|left|sent|created) automatically"
	    "|automatically (?:performed|posted|made|generated|written|left|sent|created))\\b" },
	{ NO_ANSWER_BOT,
	    "(?<=.)[.]this (?:action|comment|reply|response|summary|message|post) (?:was|is) "
	    "(?:\\w+ )?(?:performed|posted|made|generated|written|left|sent|created) by an? "
	    "(?:\\w+ ){0,2}bot[.]" },
	{ NO_ANSWER_BOT,
	    "[.?](?:this (?:is|was|has been) an automated (?:\\w+ )?(?:message|reply|response"
	    "|comment|post|reminder|summary)[.]|" GREETING
	    "i(?: a)?m an automated (?:\\w+ ){0,2}(?:bot|account|script|system|program|service)\\b)" },
	{ NO_ANSWER_BOT,
	    "^(?=.*\\b(?:be+p|ble+p|bo+p)[ ,.]+(?:bo+p|blo+p|ble+p|be+p)\\b).*"
	    "\\b(?:(?:i(?: a)?m|this is) (?:just |only )?an? (?:\\w+ ){0,2}(?:ro)?bot"
	    "|by an? (?:\\w+ )?bot)\\b" },
	{ NO_ANSWER_NOTICE,
	    "^.{0,600}[.?,](?:(?:sorry|unfortunately|however|but|and|so) )?your (?:\\w+ ){0,2}?" THING
	    " (?:has|have) been (?:\\w+ly |auto )?removed(?=[.,]| (?:for|because|as|due|under|per"
	    "|from|since|in|by|and|pending|until)\\b)" },
	{ NO_ANSWER_NOTICE,
	    "^.{0,600}[.?,](?:(?:sorry|unfortunately|however|but|and|so) )?(?:your|this) "
	    "(?:\\w+ ){0,2}?" THING " (?:was|is|has been|is being) (?:\\w+ly |auto |being )?"
	    "removed (?:for|because|as|due|under|per|since|in)\\b[^?\"]*"
	    "\\b(?:" NUMBERED "|(?:our|the|subreddit|sub|community) (?:rules|guidelines)|sidebar"
	    "|(?:contact|message) the mod)" },
	{ NO_ANSWER_NOTICE,
	    "^[.](?:" THING
	    " )?(?:removed|locked)[ .,](?:(?:for|as|per|under|see|due to|in|our|the|of"
	    "|violati\\w+|breaking|subreddit|sub) ){0,4}(?:" NUMBERED "|rules?)\\d*(?=[.,]|$)" },
	{ NO_ANSWER_NOTICE,
	    "^[.](?:this )?(?:" THING
	    " )?(?:was |has been )?(?:removed|deleted) by (?:an? |the |our )?"
	    "(?:moderators?|mods?|mod team|admins?|automod(?:erator)?|reddit)[.]$" },
	{ NO_ANSWER_NOTICE,
	    "^(?=.*\\b(?:rules?|removed)\\b).*[.](?:the |your )?(?:r[. ]\\w+ )?(?:mods|mod ?team"
	    "|moderators|moderation team|moderator team)[.]$" },
	{ NO_ANSWER_NOTICE, "^(?=.*\\bmessage[.]compose\\b).*\\b(?:removed|rules?)\\b" },
};
enum { PATTERNS = sizeof(patterns) / sizeof(patterns[0]) };

/* What a moderator says as such. */
static const char official[] = "\\b(?:remov(?:ed|al|ing)|rules?|lock(?:ed|ing)|ban(?:ned|s)?"
			       "|warn(?:ed|ing)?|sidebar|violat\\w*|off ?topic|reported"
			       "|mod ?mail|guidelines|civil)\\b";

/* Two links in small print, one with a label that people do not use; in the text itself. */
#define SMALL_LINK "(?:\\[\\^|\\^\\[)[^\\]\\n]{0,80}\\]\\("
static const char signature[] =
    "(?is)^(?=.*" SMALL_LINK ".*" SMALL_LINK
    ").*(?:\\[\\^|\\^\\[)[\\^*()]*(?:(?:more|your|my|the|opt"
    "|exclude|bot|source)[\\W_]+)?(?:info|information|contact|feedback|faqs?|code|delete|stop|out|me"
    "|custom|reminders|stats|summon|why|about|report|issues?|dev|downvote|help|pm|bot|github"
    "|suggest\\w*|blacklist|dmca|creator|changelog|exclude|read)\\b";

struct no_answer {
	pcre2_code *code[PATTERNS], *official, *signature; /* compiled when first needed */
	pcre2_match_data *match;
	struct buf plain;
};

static void
compile(pcre2_code **code, const char *pattern)
{
	PCRE2_SIZE at;
	int why;

	*code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, 0, &why, &at, NULL);
	if (*code == NULL)
		arena_out_of_memory();
	pcre2_jit_compile(*code, PCRE2_JIT_COMPLETE);
}

struct no_answer *
no_answer_new(void)
{
	struct no_answer *n = arena_calloc(1, sizeof(*n));

	if ((n->match = pcre2_match_data_create(1, NULL)) == NULL)
		arena_out_of_memory();
	return n;
}

void
no_answer_free(struct no_answer *n)
{
	if (n == NULL)
		return;
	for (int i = 0; i < PATTERNS; i++)
		pcre2_code_free(n->code[i]);
	pcre2_code_free(n->official);
	pcre2_code_free(n->signature);
	pcre2_match_data_free(n->match);
	buf_release(&n->plain);
	free(n);
}

/* Signs are looked for in blocks of this many bytes, and the three bytes behind. */
enum { BLOCK = 32, BLOCK_READ = BLOCK + 3 };

/* What a text may be: words of a bot or a moderator; a link, a picture or an emote. */
enum { SIGN_SPEAKER = 1, SIGN_LINK = 2 };

struct signs { /* 0 where one begins */
	unsigned char speaker[BLOCK], link[BLOCK];
};

static inline unsigned char
least(unsigned char x, unsigned char y)
{
	return x < y ? x : y;
}

/* "bot" at the end of a word, "omat" as in automatically; "emov", "rule", "lock"; "[^", "^[".
 * All links have a slash, all emotes a colon. */
static inline void
look_for_signs(const char *s, struct signs *found)
{
	for (size_t i = 0; i < BLOCK; i++) {
		unsigned char a = s[i] | 0x20, b = s[i + 1] | 0x20, c = s[i + 2] | 0x20,
			      d = s[i + 3] | 0x20, x = found->speaker[i];
		unsigned char is_longer = (unsigned char)(d - 'a') < 26;

		x = least(x, (a ^ 'b') | (b ^ 'o') | (c ^ 't') | is_longer);
		x = least(x, (a ^ 'o') | (b ^ 'm') | (c ^ 'a') | (d ^ 't'));
		x = least(x, (a ^ 'e') | (b ^ 'm') | (c ^ 'o') | (d ^ 'v'));
		x = least(x, (a ^ 'r') | (b ^ 'u') | (c ^ 'l') | (d ^ 'e'));
		x = least(x, (a ^ 'l') | (b ^ 'o') | (c ^ 'c') | (d ^ 'k'));
		x = least(x, (s[i] ^ '[') | (s[i + 1] ^ '^'));
		found->speaker[i] = least(x, (s[i] ^ '^') | (s[i + 1] ^ '['));
		found->link[i] = least(found->link[i], least(s[i] ^ '/', s[i] ^ ':'));
	}
}

TARGET_CLONES static unsigned
find_signs(const char *s, size_t len)
{
	unsigned char speaker = 255, link = 255;
	char padded[BLOCK_READ] = { 0 };
	struct signs found;

	memset(&found, 255, sizeof(found));
	if (len < BLOCK_READ) {
		memcpy(padded, s, len);
		s = padded;
		len = BLOCK_READ;
	}
	for (size_t i = 0; i + BLOCK_READ < len; i += BLOCK)
		look_for_signs(s + i, &found);
	look_for_signs(s + len - BLOCK_READ, &found);
	for (size_t i = 0; i < BLOCK; i++) {
		speaker = least(speaker, found.speaker[i]);
		link = least(link, found.link[i]);
	}
	if (strncasecmp(s + len - 3, "bot", 3) == 0)
		speaker = 0;
	return (speaker == 0 ? SIGN_SPEAKER : 0) | (link == 0 ? SIGN_LINK : 0);
}

static bool
matches(const struct no_answer *n, pcre2_code **code, const char *pattern, const char *s,
    size_t len)
{
	if (*code == NULL)
		compile(code, pattern);
	return pcre2_match(*code, (PCRE2_SPTR)s, len, 0, 0, n->match, NULL) >= 0;
}

static bool
has(const struct buf *plain, const char *word)
{
	return memmem(plain->data, plain->len, word, strlen(word)) != NULL;
}

/* What the patterns say of plain words. */
static enum no_answer_kind
match_plain(struct no_answer *n, bool may_be_bot)
{
	const struct buf *b = &n->plain;
	bool is_tried[] = {
		[NO_ANSWER_BOT] = !may_be_bot && (has(b, "bot") || has(b, "automat")),
		[NO_ANSWER_NOTICE] = has(b, "removed") || has(b, "rule") || has(b, "locked"),
	};

	for (int i = 0; i < PATTERNS; i++)
		if (is_tried[patterns[i].is]
		    && matches(n, &n->code[i], patterns[i].pattern, b->data, b->len))
			return patterns[i].is;
	return NO_ANSWER_NONE;
}

/* Is it a bot or a moderator that speaks?  The text is the beginning and the end. */
static enum no_answer_kind
find_speaker(struct no_answer *n, const struct no_answer_comment *c, const struct text *head,
    const struct text *tail)
{
	const struct text *last = tail->len > 0 ? tail : head;
	enum no_answer_kind is;

	buf_clear(&n->plain);
	plain_words_add(&n->plain, head->ptr, head->len);
	if (tail->len > 0)
		plain_words_add(&n->plain, tail->ptr, tail->len);
	if ((is = match_plain(n, c->may_be_bot)) != NO_ANSWER_NONE)
		return is;
	if (!c->may_be_bot && matches(n, &n->signature, signature, last->ptr, last->len))
		return NO_ANSWER_BOT;
	return c->is_distinguished
		&& matches(n, &n->official, official, n->plain.data, n->plain.len)
	    ? NO_ANSWER_NOTICE
	    : NO_ANSWER_NONE;
}

enum no_answer_kind
no_answer_find(struct no_answer *n, const struct no_answer_comment *c)
{
	struct text head = c->text, tail = { 0 };
	enum no_answer_kind is = NO_ANSWER_NONE;
	unsigned signs;

	if (c->is_distinguished && c->is_stickied)
		return NO_ANSWER_NOTICE;
	if (head.len > 2 * PART) {
		tail = (struct text){ head.ptr + head.len - PART, PART };
		head.len = PART;
	}
	signs = find_signs(head.ptr, head.len);
	if (tail.len > 0)
		signs |= find_signs(tail.ptr, tail.len);
	if ((signs & SIGN_SPEAKER) != 0 || c->is_distinguished)
		is = find_speaker(n, c, &head, &tail);
	if (is != NO_ANSWER_NONE)
		return is;
	if ((signs & SIGN_LINK) == 0 && head.len > 0
	    && (unsigned char)((head.ptr[0] | 0x20) - 'a') < 26)
		return NO_ANSWER_NONE; /* it begins with a word, and that is enough */
	return no_answer_has_no_words(&c->text) ? NO_ANSWER_WORDS : NO_ANSWER_NONE;
}
