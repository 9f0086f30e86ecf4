#!/usr/bin/env python3
"""Writes the made-up month data-samples/good-month/{RS,RC}_2016-04.zst.

Every person, post and sentence in it is invented here.  Each made-up person has
interests, dislikes, traits and a style, and writes accordingly, so that every stage
of the pipeline has something to find.  Deterministic: one seed, no clock.

	usage: make-month.py FOLDER        (needs zstd, for windows of 2 GiB)
"""
import json
import random
import subprocess
import sys

R = random.Random(20160401)
FIRST_SECOND = 1459468800  # 2016-04-01 UTC
PEOPLE, POSTS, COMMENTS = 320, 420, 5200

# community: (topic word, things, titles, sentences)
WORLD = {
    "cooking": ("cooking", ["risotto", "sourdough", "curry", "roast chicken", "ramen"],
                ["What do you cook when {n} people show up hungry?", "How do I keep my {t} from going wrong?"],
                ["I let the {t} rest before serving and the flavour is worth it.",
                 "Good ingredients and a hot pan fix most recipes.",
                 "My kitchen is tiny but the {t} still comes out delicious."]),
    "personalfinance": ("money", ["an index fund", "a savings account", "a pension", "a mortgage"],
                        ["Is {t} right for someone with {n} months of income saved?",
                         "I finally paid off my debt, what about {t}?"],
                        ["I put a fifth of every paycheck into savings before I spend anything.",
                         "Diversify and keep an emergency fund, {t} can wait.",
                         "I put my bonus into risky stocks and I would do it again."]),
    "parenting": ("parenting", ["bedtime", "homework", "screen time", "a picky eater"],
                  ["How do you deal with {t} after {n} bad nights?", "My toddler and {t}"],
                  ["As a mother of two I learned to let {t} go some evenings.",
                   "My kids calm down when I read to them first.",
                   "Our pediatrician said {t} sorts itself out."]),
    "gaming": ("gaming", ["the new expansion", "co-op mode", "the final boss", "speedrunning"],
               ["{t}: worth it after {n} hours?", "What makes {t} fun for you?"],
               ["I played through {t} twice and the controls still feel great.",
                "Multiplayer with friends on my console beats single player.",
                "The graphics hardly matter when the level design is this good."]),
    "fitness": ("workouts", ["squats", "running", "a rest day", "meal prep"],
                ["How long until {t} stops hurting? {n} weeks in", "Does {t} do anything for you?"],
                ["I go to the gym at five every morning and never skip {t}.",
                 "Start with light weights, keep your form, add reps slowly.",
                 "Cardio keeps my head clear."]),
    "travel": ("travel", ["Lisbon", "the night train", "a road trip", "hostels"],
               ["{n} days and {t}, what would you do?", "Is {t} overrated?"],
               ["I backpacked through {t} and met the kindest people.",
                "Book the flights early and leave the itinerary loose.",
                "I would rather stay home than queue at an airport for {t}."]),
    "books": ("books", ["that trilogy", "short stories", "poetry", "audiobooks"],
              ["Who else could not put {t} down?", "{n} pages in and I dislike {t}"],
              ["The author spends a whole chapter on one afternoon and I loved every page.",
               "I read novels on the train and {t} at night.",
               "The plot drags, the characters do not."]),
    "movies": ("films", ["the remake", "that director", "a three hour cut", "subtitles"],
               ["What did everyone see in {t}?", "{t} at the cinema, {n} of us in the room"],
               ["The cinematography alone made {t} worth the ticket.",
                "I watch two movies a week and this screenplay is the best in years.",
                "The sequel had no plot at all."]),
    "music": ("music", ["vinyl", "the new album", "a small gig", "jazz"],
              ["How do you listen to {t}?", "{n} songs that got me into {t}"],
              ["I play guitar in a band and {t} taught me rhythm.",
               "The bass line on that record gives me chills.",
               "Concerts are too loud for me these days."]),
    "askscience": ("science", ["dark matter", "vaccines", "tides", "enzymes"],
                   ["Why does {t} behave like that?", "What would change if {t} were {n} times stronger?"],
                   ["The experiment was replicated and the effect of {t} held up.",
                    "Physics explains it: the energy has to go somewhere.",
                    "Could you cite a source? The study I know says otherwise."]),
    "relationships": ("relationships", ["an argument", "moving in", "in-laws", "a breakup"],
                      ["We had {t} for the {n}th time, what now?", "How do you talk about {t}?"],
                      ["I told him to his face that {t} hurt me, we talked it through.",
                       "I hate confrontation, so I wait until everyone has calmed down and look for a compromise.",
                       "Close friends carried me through {t}."]),
    "gardening": ("the outdoors", ["tomatoes", "compost", "a hedge", "slugs"],
                  ["{t} in a garden of {n} square metres?", "First year with {t}"],
                  ["I spend every weekend outdoors with my hands in the soil.",
                   "We hiked up the trail and camped by the lake before planting {t}.",
                   "No pesticides, the bees and the groundwater matter to me."]),
    "jobs": ("work", ["a promotion", "open offices", "my boss", "remote days"],
             ["Should I fight for {t} after {n} years?", "{t} is wearing me out"],
             ["I need a quiet office and clear hours or I cannot work.",
              "I want my manager to notice what I do and say so.",
              "I set myself a goal every quarter and I do not stop until it is reached."]),
    "aww": ("pets", ["the puppy", "an old cat", "a rescue", "the vet"],
            ["Meet {t}, {n} weeks old", "{t} has taken over the sofa"],
            ["My dog sleeps on my feet and I would not move for the world.",
             "We adopted a rescue cat and she follows me everywhere.",
             "Take good care of {t}, they depend on you."]),
}
TRAITS = [
    ["I'm a 24F student and still finding my feet.", "As a young woman I notice this a lot."],
    ["I'm a 61 year old man, retired for three years now.", "Back when I was young, fifty years ago, nobody asked."],
    ["I worry about everything and it keeps me up at night.", "I get anxious before I even open the door."],
    ["I rarely get upset, I stay calm under pressure.", "Nothing much rattles me."],
    ["I love meeting new people and I am the life of the party.", "I feel energised in a crowd."],
    ["I am an introvert, I need time alone after this.", "I would rather be alone with my thoughts."],
    ["I love trying new things and I am curious about everything.", "New ideas excite me."],
    ["I prefer to stick with what I know.", "I like my routine and do not need anything new."],
    ["I plan everything ahead and keep my lists tidy.", "I hate clutter, everything has its place."],
    ["I put things off and my desk is a mess.", "I never finish what I start."],
    ["I want people to respect me and recognise what I did.", "I like it when others praise my work."],
    ["I do not care what others think of me.", "Other people's opinions do not matter to me."],
    ["I make my own decisions and rely on nobody.", "I hate being told what to do."],
    ["I follow the rules, they are there for a reason.", "I trust the people in charge."],
    ["I love helping people who are having a hard time.", "Taking care of others is what I live for."],
    ["I failed twice and tried again until it worked.", "I refuse to give up after a defeat."],
    ["It is all about having fun and a good laugh for me.", "I just want to play and relax."],
    ["Get to the point, please.", "Short answer: yes."],
    ["Please explain step by step and cite a source.", "I check facts before I believe them."],
    ["Be careful, that is dangerous, wear a helmet.", "Safety first, always."],
]
LIKES = ["I love {w}.", "I really enjoy {w}.", "{W} is my favourite thing.", "I am a big fan of {w}."]
DISLIKES = ["I hate {w}.", "I can't stand {w}.", "{W} bores me to death.", "I am not into {w} at all."]
FILLER = ["Honestly, that is how it went for me.", "Maybe I am wrong, but I think so.", "Try it and see.",
          "Does anyone else feel the same?", "Thanks for asking this!", "It depends, I guess.",
          "That worked for me last spring.", "Give it another week."]
SYLLABLES = "bra kel mo tis ven dar lun pex ro shi quo fen".split()


def base36(n):
    digits = ""
    while n:
        n, r = divmod(n, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[r] + digits
    return digits


class Person:
    def __init__(self, i):
        self.name = "".join(R.choice(SYLLABLES) for _ in range(3)).capitalize() + str(i)
        places = R.sample(sorted(WORLD), 5)
        self.likes, self.dislikes = places[:3], places[3:]
        self.traits = R.sample(TRAITS, 3)
        self.is_brief = R.random() < 0.4

    def sentence(self, place, thing):
        word, _, _, lines = WORLD[place]
        roll = R.random()
        if roll < 0.35:
            line = R.choice(lines)
        elif roll < 0.6:
            line = R.choice(R.choice(self.traits))
        elif roll < 0.8:
            about = R.choice(self.likes + self.dislikes)
            line = R.choice(LIKES if about in self.likes else DISLIKES)
            word = WORLD[about][0]
        else:
            line = R.choice(FILLER)
        return line.format(t=thing, n=R.randint(2, 9), w=word, W=word.capitalize())

    def text(self, place, thing):
        many = R.randint(1, 3) if self.is_brief else R.randint(3, 9)
        return " ".join(self.sentence(place, thing) for _ in range(many))


def submissions(people):
    for i in range(POSTS):
        place = R.choice(sorted(WORLD))
        _, things, titles, _ = WORLD[place]
        thing, author = R.choice(things), R.choice(people)
        yield place, thing, {
            "author": author.name, "created_utc": FIRST_SECOND + i * 5400, "domain": "self." + place,
            "edited": False, "id": base36(0x1000000 + i * 17), "is_self": True, "num_comments": 12,
            "over_18": i % 97 == 96, "score": R.randint(1, 900),
            "selftext": author.text(place, thing) if i % 5 else "", "subreddit": place,
            "title": R.choice(titles).format(t=thing, n=R.randint(2, 9)),
            "url": "https://www.reddit.com/r/%s/comments/%s/" % (place, base36(0x1000000 + i * 17))}


def body(i, person, place, thing, earlier):
    """What a dump holds besides plain comments: deleted ones, bots, copies, links, names."""
    if i % 41 == 7:
        return "[deleted]", "[deleted]"
    if i % 53 == 9:
        return "AutoModerator", "*I am a bot, and this action was performed automatically.*"
    if i % 37 == 5 and earlier:
        return person.name, R.choice(earlier)
    if i % 61 == 3 and earlier:
        return person.name, R.choice(earlier).replace("I ", "I really ", 1) + " Yes."
    text = person.text(place, thing)
    if i % 29 == 4:
        text += " See https://www.example.org/guides/%s?id=%d or ask /u/%s." % (place, i, "Brakelmo7")
    if i % 67 == 2:
        text += " Write to someone@example.org or call +1 212 555 0147."
    if i % 31 == 6:
        text = "> What do you think?\n\n" + text + "\r\n\r\n\r\nCafe\u0301 style, \U0001F600."
    return person.name, text


def comments(people, posts):
    earlier, last = [], {}
    for i in range(COMMENTS):
        place, thing, post = R.choice(posts)
        fans = [p for p in people if place in p.likes]
        person = R.choice(fans if R.random() < 0.7 else people)
        author, text = body(i, person, place, thing, earlier)
        if len(text) > 60 and author == person.name:
            earlier.append(text)
        kid = base36(0x2000000 + i * 3)
        parent = "t3_" + post["id"]
        if i % 4 == 3 and post["id"] in last:
            parent = "t1_" + last[post["id"]]
        last[post["id"]] = kid
        created = post["created_utc"] + 60 + R.randint(1, 80000)
        row = {"author": author, "body": text, "controversiality": 0,
               "created_utc": created if i % 2 else str(created),
               "edited": float(created + 90) if i % 23 == 0 else False, "gilded": 0, "id": kid,
               "link_id": "t3_" + post["id"], "parent_id": parent, "score": R.randint(-8, 300),
               "subreddit": place, "subreddit_id": "t5_" + base36(3000 + len(place))}
        keys = sorted(row)
        R.shuffle(keys)  # dumps before 2023 have no order of fields
        yield {k: row[k] for k in keys}


def write(path, rows):
    text = "".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) + "\n" for r in rows)
    # from a pipe and with --long=31 the frame asks for a window of 2 GiB, as real dumps do
    subprocess.run(["zstd", "-q", "-f", "-19", "--ultra", "--long=31", "-o", path], check=True,
                   input=text.encode())


def main():
    folder = sys.argv[1]
    people = [Person(i) for i in range(PEOPLE)]
    posts = list(submissions(people))
    write(folder + "/RS_2016-04.zst", [p for _, _, p in posts])
    write(folder + "/RC_2016-04.zst", comments(people, posts))


main()
