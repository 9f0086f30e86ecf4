/* ingest_bots.c - programs and people that are easily taken for one another. */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stages/ingest/bots.h"
#include "tests/tap.h"

static const char *const programs[] = { "AutoModerator", "automoderator", "RemindMeBot",
	"haikubot-1", "imgur_bot", "IMGUR_BOT", "some-bot", "sneakpeekbot", "autotldr",
	"AskReddit-ModTeam", "GoodBot_BadBot", "WikiTextBot", "a_robot_bot" };
static const char *const people[] = { "abbot", "Abbot", "Talbot", "TALBOT", "robot", "MrRobot",
	"mr_robot", "turbot", "not_a_bot", "I_am_not_a_bot", "I-am-not-a-bot", "NotABot",
	"botanist", "bot", "Bot", "spez", "robotics", "Botticelli", "bottom_feeder", "the_bot_guy",
	"MrRoBot", "x" };

static void
test_own_list(struct arena *a)
{
	char name[] = "/tmp/alignx-bots-XXXXXX";
	static const char list[] = "# mine\n*helper*\n!*HELPER*\nmy_aide\n!nohelper\n";
	struct fault f = FAULT_NONE;
	struct bots *b;
	int fd = mkstemp(name);

	ok(write(fd, list, strlen(list)) > 0 && (b = bots_read(name, a, &f)) != NULL,
	    "a list of one's own");
	ok(bots_has(b, "TheHelperIsHere", 15), "a star within matches");
	ok(!bots_has(b, "nohelper", 8), "a name is excepted");
	ok(!bots_has(b, "XHELPERX", 8), "a pattern with a capital minds the case");
	ok(bots_has(b, "My_Aide", 7), "a plain name does not");
	ok(!bots_has(b, "AutoModerator", 13), "the built-in list is not used");
	bots_free(b);
	unlink(name);
	close(fd);
	ok(bots_read(name, a, &f) == NULL && f.text[0] != '\0',
	    "a list that is not there is a fault");
}

int
main(void)
{
	struct fault f = FAULT_NONE;
	struct arena a = { 0 };
	struct bots *b = bots_read(NULL, &a, &f);

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		ok(bots_has(b, programs[i], strlen(programs[i])), "%s is a program", programs[i]);
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
		ok(!bots_has(b, people[i], strlen(people[i])), "%s is not", people[i]);
	ok(!bots_has(b, "", 0), "an empty name is not a bot");
	bots_free(b);
	test_own_list(&a);
	arena_release(&a);
	return tap_done();
}
