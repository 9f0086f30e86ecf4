/* ingest_no_answer.c - comments that are no answers, and those that are easily taken for such. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/buf.h"
#include "stages/ingest/no_answer.h"
#include "tests/tap.h"

static const char *const wordless[] = {
	"![gif](giphy|l0HlvtIPzPdt2usKs)",
	"![gif](giphy|l0HlvtIPzPdt2usKs|downsized)\n\nHappy birthday!",
	"![img](emote|t5_2th52|4271) ![img](emote|t5_2th52|4271)",
	":mother_of_god: :mother_of_god:",
	"*Processing img 8x9y7z6w5v4u...*",
	"https://preview.redd.it/abcdef.jpg?width=1080&format=pjpg&auto=webp",
	"http://www.example.com/a/long/path?with=a&query=b, https://example.org/",
	"<https://en.wikipedia.org/wiki/Foo_(bar)>",
	"www.youtube.com/watch?v=dQw4w9WgXcQ",
	"youtu.be/dQw4w9WgXcQ?t=12345678",
	"/r/AskHistorians/comments/1abc2d",
	"[https://i.imgur.com/ogmCN8k.gif](https://i.imgur.com/ogmCN8k.gif)",
	"[Source](https://example.com/a/long/path)",
	"Source: [Wikipedia](https://en.wikipedia.org/wiki/Foo_(bar))",
	"[1] https://example.com/one [2] https://example.com/two",
	"lol https://i.imgur.com/ogmCN8k.gif",
	"![](https://i.imgur.com/qGoUx8s.gif)\r\n\r\n:p",
	"![a picture of what I mean here](https://i.imgur.com/qGoUx8s.gif)",
	"............................ !!!",
	"\xf0\x9f\xa4\xa3\xf0\x9f\xa4\xa3\xf0\x9f\xa4\xa3\xf0\x9f\xa4\xa3\xf0\x9f\xa4\xa3\xf0\x9f\xa4\xa3",
	"\xf0\x9f\x91\x87 \xe2\x80\x9chttps://example.com/a/long/path\xe2\x80\x9d",
};

static const char *const notices[] = {
	"Comment removed by moderator",
	"Removed: Rule 3",
	"Removed - Rule 1: be civil to one another.",
	"**Removed.** Rule 4.",
	"Locked: see rule 6",
	"Your submission has been removed for the following reason(s):\n\n* No memes.",
	"Hi u/some_one, thank you for your submission. Unfortunately, your post has been removed "
	"because it is a repost.",
	"Hello! Your comment has been automatically removed.\n\nYou need more karma.",
	"Sorry, this post has been removed because it breaks rule 2 of our subreddit.",
	"Your thread was removed under the rules of this forum, which are in the sidebar.",
	"Please read the rules before you post again.\n\n- The mod team",
	"This is a warning: rule 5 is no joke here.\n\n*r/AskTest moderators*",
	"No politics. [Message the mods](https://www.reddit.com/message/compose?to=/r/x) if you think "
	"that this was removed in error.",
};

static const char *const bots[] = {
	"I am a bot, and this action was performed automatically. Please contact the moderators of "
	"this subreddit.",
	"Here are the prices of today.\n\n*I am a bot, and this action was performed automatically.*",
	"Here are the prices of today.\n\n^(I'm a bot | )[^(Why & About)](https://x.example/about)",
	"A sneak peek of /r/x.\n\n----\n^^I'm ^^a ^^bot, ^^beep ^^boop ^^| ^^Downvote ^^to ^^remove",
	"This is the best tl;dr I could make, reduced by 85%. (I'm a bot)",
	"Hi, I'm a friendly reddit bot that turns feet into metres.",
	"Beep boop, I\xe2\x80\x99m a bot. Seven feet are 2.1 m.",
	"Seven feet are 2.1 m.\n\n*bleep bloop, this is a bot*",
	"It is 12 miles.\n\nBeep. Boop. I'm just a robot.",
	"^^BOOP! ^^BLEEP! ^^I ^^am ^^a ^^bot. ^^Concerns?",
	"I am a bot whose sole purpose is to improve the timeliness of posts.",
	"Donate here.\n\n^(I'm a bot and I'm learning. Let me know how I can do better.)",
	"This action was performed automatically because you posted a link.",
	"The title in German: Hallo. This comment was generated automatically.",
	"Seven feet are 2.1 m. This reply was written by a friendly bot.",
	"https://archive.is/xyz :\n\n'Some title'\n\n\n*This has been an automated message.*",
	"I will be messaging you in 3 days to remind you of this link.\n\n"
	"|[^(Info)](https://x.example/i)|[^(Custom)](https://x.example/c)|",
	"**A title**\n\nA summary of it.\n\n***\n\n^[ [^PM](https://x.example/p) ^| [^Exclude ^me]"
	"(https://x.example/e) ^]",
	"A text about an xkcd comic.\n\n^[Explained](https://x.example) ^| ^[Stop ^replying](https://y.example)",
};

static const char *const answers[] = {
	"I am a bottle washer in a restaurant.",
	"I am a bot developer and I can tell you that it is hard.",
	"I'm a bot, lol. My aim is that bad.",
	"I'm a bot? Where did you get that from?",
	"They think I'm a bot because I answer fast.",
	"Well, I'm a bot in that game.",
	"I am not a bot, and this was not done automatically.",
	"\"I am a bot, and this action was performed automatically\" is all I ever get to read.",
	"> I am a bot, and this action was performed automatically.\n\nGood bot, but it is wrong here.",
	"It said: 'I am a bot, and this action was performed automatically.' and I laughed.",
	"The reply was that this action was performed automatically, so I gave up.",
	"Both of them are good. I asked about the rules too.",
	"Beep boop is what my son says all day.",
	"This message was generated automatically by my phone when I hit the button.",
	"Set it up so that this backup is made automatically each night.",
	"I removed my post because people were mean about it.",
	"My post has been removed and I do not know why.",
	"Your post has been very helpful, thank you.",
	"Why was this post removed? I do not see which rule it broke.",
	"The rules of chess are old. Rule 3 is about castling.",
	"Removed the old paint first, then sanded it, as a rule.",
	"Rule 3 has been removed from the book, and rule 4 is now about pets.",
	"This post has been removed because the company does not like the truth.",
	"I would ask the moderators, they know the rules better than the rest of us.",
	"The door was locked, so we blocked it with a rock.",
	"Have a look at https://example.com/recipes for a good recipe.",
	"[A recipe for bread without yeast](https://example.com/recipes)",
	"Try this one, it works well for me: https://example.com/recipes",
	"![gif](giphy|l0HlvtIPzPdt2usKs) me when I get up on Monday",
	"It is 12,500 feet, see r/AskGeography for more of that.",
	"\xe7\x9c\x8b\xe8\xbf\x99\xe4\xb8\xaa\xe8\xa7\x86\xe9\xa2\x91\xe5\xbe\x88\xe5\xa5\xbd https://example.com/",
	"\xd0\x9f\xd0\xbe\xd1\x81\xd0\xbc\xd0\xbe\xd1\x82\xd1\x80\xd0\xb8 \xd0\xb2\xd0\xbe\xd1\x82 \xd1\x8d\xd1\x82\xd0\xbe https://example.com/",
	"Wise words, u/some_name, thank you.",
	"u/some_name you did it!",
	"He/she and/or they, 24/7, at 10:30:15 or so.",
	"As the paper says[^1] and the other[^2] too.\n\n[^1]: one\n[^2]: two",
	"It is in the paper ^[1](https://x.example/1) ^[2](https://x.example/2) as they say.",
	"In Rust you write std::mem::swap(&mut a, &mut b) for that.",
};

static struct no_answer *n;

static enum no_answer_kind
find(const char *text)
{
	/* a copy of its own size, so that the sanitizers notice a read past its end */
	size_t len = strlen(text);
	char *copy = malloc(len + 1);
	struct no_answer_comment c = { .text = { copy, len } };
	enum no_answer_kind is;

	memcpy(copy, text, len);
	copy = realloc(copy, len > 0 ? len : 1);
	c.text.ptr = copy;
	is = no_answer_find(n, &c);
	free(copy);
	return is;
}

static void
all_are(const char *const *text, size_t len, enum no_answer_kind kind, const char *what)
{
	static const char *const kinds[] = { "an answer", "wordless", "a notice", "of a bot" };

	for (size_t i = 0; i < len; i++) {
		enum no_answer_kind is = find(text[i]);

		ok(is == kind, "%s: %.60s", what, text[i]);
		if (is != kind)
			printf("# taken for %s: %s\n", kinds[is], text[i]);
	}
}

/* What is at the end of a long text is seen, what is in the middle is not. */
static void
test_long(void)
{
	static const char bot[] = "\n\nI am a bot, and this action was performed automatically.";
	struct buf b = { 0 };

	for (int i = 0; i < 1000; i++)
		buf_add_str(&b, "seven more words are in this line\n");
	buf_add_str(&b, bot);
	buf_add_byte(&b, '\0');
	ok(find(b.data) == NO_ANSWER_BOT, "a long text is signed at its end");
	b.len--;
	for (int i = 0; i < 1000; i++)
		buf_add_str(&b, "seven more words are in this line\n");
	buf_add_byte(&b, '\0');
	ok(find(b.data) == NO_ANSWER_NONE, "not in its middle");
	buf_release(&b);
}

static enum no_answer_kind
find_marked(const char *text, bool is_distinguished, bool is_stickied, bool may_be_bot)
{
	struct no_answer_comment c = { .text = { text, strlen(text) },
		.is_distinguished = is_distinguished,
		.is_stickied = is_stickied,
		.may_be_bot = may_be_bot };

	return no_answer_find(n, &c);
}

static void
test_marks(void)
{
	static const char word[] = "Keep it civil, everybody, this is the last warning.";
	static const char talk[] = "I have used this one for years, and it holds.";

	ok(find_marked(word, false, false, false) == NO_ANSWER_NONE, "anybody may warn");
	ok(find_marked(word, true, false, false) == NO_ANSWER_NOTICE,
	    "as a moderator it is a notice");
	ok(find_marked(talk, true, false, false) == NO_ANSWER_NONE, "moderators answer too");
	ok(find_marked(talk, true, true, false) == NO_ANSWER_NOTICE, "but not in what is pinned");
	ok(find_marked(talk, false, true, false) == NO_ANSWER_NONE,
	    "pinned by others it is an answer");
	for (size_t i = 0; i < sizeof(bots) / sizeof(bots[0]); i++)
		ok(find_marked(bots[i], false, false, true) == NO_ANSWER_NONE,
		    "a bot that is let in: %.60s", bots[i]);
	ok(find_marked(notices[0], false, false, true) == NO_ANSWER_NOTICE,
	    "where bots are let in, notices are not");
}

int
main(void)
{
	n = no_answer_new();
	all_are(wordless, sizeof(wordless) / sizeof(wordless[0]), NO_ANSWER_WORDS, "no words");
	all_are(notices, sizeof(notices) / sizeof(notices[0]), NO_ANSWER_NOTICE, "a notice");
	all_are(bots, sizeof(bots) / sizeof(bots[0]), NO_ANSWER_BOT, "a bot");
	all_are(answers, sizeof(answers) / sizeof(answers[0]), NO_ANSWER_NONE, "an answer");
	ok(find("") == NO_ANSWER_WORDS, "nothing has no words");
	test_long();
	test_marks();
	no_answer_free(n);
	return tap_done();
}
