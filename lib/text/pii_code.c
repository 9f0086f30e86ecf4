#include "config.h"

#include "lib/text/pii_code.h"

enum { LINE_REACH = 200 };

/* Annotations, decorators, at-rules, directives, documentation tags; and who is everyone. */
static const char *const words[] = {
	/* Java, Kotlin */
	"After", "AfterAll", "AfterEach", "Async", "Autowired", "Bean", "Before", "BeforeAll",
	"BeforeEach", "Builder", "Cacheable", "Column", "Component", "Composable", "Configuration",
	"Controller", "Data", "Deprecated", "Document", "Entity", "FunctionalInterface",
	"GeneratedValue", "GetMapping", "Getter", "Id", "Ignore", "Inject", "Interface",
	"JvmStatic", "JsonProperty", "ManyToOne", "Mock", "Named", "NonNull", "NotNull", "Nullable",
	"OneToMany", "Override", "ParameterizedTest", "PathVariable", "PostMapping", "Provides",
	"Qualifier", "Repository", "RequestBody", "RequestMapping", "RequestParam", "ResponseBody",
	"RestController", "SafeVarargs", "Scheduled", "Service", "Setter", "Singleton",
	"SpringBootApplication", "SuppressLint", "SuppressWarnings", "Table", "Test",
	"Transactional", "Value", "XmlElement",
	/* Python */
	"abstractmethod", "asyncio", "cached_property", "classmethod", "contextmanager",
	"coroutine", "dataclass", "decorator", "fixture", "functools", "lru_cache", "njit",
	"overload", "property", "pytest", "setter", "staticmethod", "unittest", "wraps",
	/* documentation and compiler tags */
	"abstract", "alias", "author", "authors", "brief", "callback", "code", "constructor",
	"copyright", "deprecated", "description", "example", "exception", "file", "fileoverview",
	"inheritDoc", "internal", "license", "link", "memberof", "namespace", "note", "package",
	"param", "private", "protected", "public", "ref", "return", "returns", "see", "since",
	"static", "summary", "template", "throws", "ts", "todo", "type", "typedef", "var",
	"version", "warning",
	/* CSS, Sass */
	"apply", "charset", "counter-style", "each", "extend", "font-face", "font-feature-values",
	"forward", "function", "import", "include", "keyframes", "-webkit-keyframes", "layer",
	"media", "mixin", "page", "supports", "tailwind", "use", "viewport",
	/* Objective-C, Swift, Rust, C#, Zig, templates, batch files */
	"autoclosure", "autoreleasepool", "available", "catch", "class", "convention",
	"discardableResult", "dynamic", "echo", "else", "encode", "end", "endif", "endsection",
	"escaping", "extends", "finally", "for", "foreach", "html", "IBAction", "IBOutlet",
	"IBInspectable", "if", "implementation", "model", "Model", "MainActor", "objc", "off",
	"optional", "Published", "rem", "required", "section", "selector", "State", "synchronized",
	"synthesize", "this", "throw", "try", "UIApplicationMain", "using", "while", "yield",
	/* Angular and the like */
	"Directive", "HostListener", "Injectable", "Input", "NgModule", "Output", "Pipe", "Prop",
	"ViewChild",
	/* nobody, or everyone */
	"all", "anyone", "channel", "everybody", "everyone", "here", "home", "least", "once",
	"work", NULL
};

/* Signs of code, and how far each goes to show it. */
static const struct {
	const char *sign;
	int weight;
} signs[] = {
	{ "()", 2 },
	{ "{", 2 },
	{ "}", 2 },
	{ "==", 2 },
	{ "!=", 2 },
	{ "&&", 2 },
	{ "||", 2 },
	{ "::", 2 },
	{ "</", 2 },
	{ "/>", 2 },
	{ "<?", 2 },
	{ ":=", 2 },
	{ "+=", 2 },
	{ "= @", 2 },
	{ "=@", 2 },
	{ "${", 2 },
	{ "$(", 2 },
	{ "(@", 1 },
	{ " = ", 1 },
	{ "_(", 1 },
	{ ", @", 1 },
	{ "->", 1 },
	{ "=>", 1 },
	{ "(\"", 1 },
	{ "\");", 2 },
	{ ");", 2 },
	{ "<%", 2 },
	{ "DECLARE ", 2 },
	{ "SELECT ", 2 },
	{ "WHERE ", 2 },
	{ "EXEC ", 2 },
	{ "echo ", 1 },
	{ "IF @", 2 },
	{ " THEN", 1 },
	{ "nnotation", 2 },
	{ "ecorator", 2 },
	{ "Hibernate", 2 },
	{ "// @", 2 },

};

bool
pii_is_code_word(const char *s, size_t len)
{
	return ascii_is_one_of(s, len, words);
}

static bool
contains(const char *s, size_t len, const char *sign)
{
	return memmem(s, len, sign, strlen(sign)) != NULL;
}

/* Does the line at i begin as a definition does, before which decorators stand? */
static bool
begins_definition(const struct pii_text *t, size_t i)
{
	static const char *const begins[] = { "def ", "async ", "class ", "func ", "function ",
		"public ", "private ", "protected ", "static ", "void ", "export ", NULL };

	while (ascii_is_in(pii_at(t, i), " \t"))
		i++;
	for (const char *const *b = begins; *b != NULL; b++)
		if (i < t->len && t->len - i > strlen(*b) && memcmp(t->s + i, *b, strlen(*b)) == 0)
			return true;
	return false;
}

/* Has the line signs of code, within or at its end? */
static bool
has_signs(const char *line, size_t len)
{
	int weight = 0;

	if (len > 0 && ascii_is_in(line[len - 1], ";{\\"))
		return true;
	for (size_t k = 0; k < sizeof(signs) / sizeof(*signs); k++)
		if (contains(line, len, signs[k].sign))
			weight += signs[k].weight;
	return weight >= 2;
}

bool
pii_is_in_code(const struct pii_text *t, size_t i)
{
	size_t from = i, end = i, ticks = 0;

	for (; from > 0 && i - from < LINE_REACH && t->s[from - 1] != '\n'; from--)
		ticks += t->s[from - 1] == '`';
	while (end < t->len && end - i < LINE_REACH && t->s[end] != '\n')
		end++;
	if (ticks % 2 == 1 && memchr(t->s + i, '`', end - i) != NULL)
		return true;
	if (memchr(t->s + i, ' ', end - i) == NULL && begins_definition(t, end + 1))
		return true;
	return has_signs(t->s + from, end - from);
}
