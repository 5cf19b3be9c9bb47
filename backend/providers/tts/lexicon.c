#include "providers/tts/lexicon.h"

#include <string.h>
#include <strings.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define P        ABBREVIATION_PREFIX
#define S        ABBREVIATION_SUFFIX
#define N        ABBREVIATION_NUMBERED

static const struct abbreviation abbreviations[] = {
    {"dr", "doctor", P, false, false},
    {"mr", "mister", P, false, false},
    {"mrs", "missus", P, false, false},
    {"e.g", "for example", P, false, false},
    {"i.e", "that is", P, false, false},
    {"vs", "versus", P, false, false},
    {"v.s", "versus", P, false, false},
    {"aka", "also known as", P, false, false},
    {"a.k.a", "also known as", P, false, false},
    {"ms", "miz", P, false, true},
    {"mx", "mix", P, false, true},
    {"st", "saint", P, false, true},
    {"approx", "approximately", P, false, true},
    {"Prof", "professor", P, true, true},
    {"Rev", "reverend", P, true, true},
    {"Gen", "general", P, true, true},
    {"Sgt", "sergeant", P, true, true},
    {"Capt", "captain", P, true, true},
    {"Lt", "lieutenant", P, true, true},
    {"Col", "colonel", P, true, true},
    {"Gov", "governor", P, true, true},
    {"Sen", "senator", P, true, true},
    {"Rep", "representative", P, true, true},
    {"Hon", "honorable", P, true, true},
    {"eg", "for example", P, true, true},
    {"ie", "that is", P, true, true},
    {"cf", "compare", P, true, true},
    {"ca", "circa", P, true, true},
    {"no", "number", N, false, true},
    {"nos", "numbers", N, false, true},
    {"vol", "volume", N, false, true},
    {"fig", "figure", N, false, true},
    {"figs", "figures", N, false, true},
    {"sec", "section", N, false, true},
    {"pp", "pages", N, false, true},
    {"ch", "chapter", N, false, true},
    {"eq", "equation", N, false, true},
    {"art", "article", N, false, true},
    {"p", "page", N, false, true},
    {"etc", "et cetera", S, false, false},
    {"ltd", "limited", S, false, false},
    {"jr", "junior", S, false, false},
    {"sr", "senior", S, false, false},
    {"dept", "department", S, false, false},
    {"govt", "government", S, false, false},
    {"mgmt", "management", S, false, false},
    {"mgr", "manager", S, false, false},
    {"blvd", "boulevard", S, false, false},
    {"avg", "average", S, false, false},
    {"misc", "miscellaneous", S, false, false},
    {"yr", "year", S, false, false},
    {"yrs", "years", S, false, false},
    {"hrs", "hours", S, false, false},
    {"wk", "week", S, false, false},
    {"wks", "weeks", S, false, false},
    {"inc", "incorporated", S, false, true},
    {"corp", "corporation", S, false, true},
    {"bros", "brothers", S, false, true},
    {"asst", "assistant", S, false, true},
    {"ext", "extension", S, false, true},
    {"max", "maximum", S, false, true},
    {"min", "minimum", S, false, true},
    {"incl", "including", S, false, true},
    {"excl", "excluding", S, false, true},
    {"est", "estimated", S, false, true},
    {"tel", "telephone", S, false, true},
    {"thurs", "Thursday", S, false, true},
    {"tues", "Tuesday", S, false, true},
    {"Co", "company", S, true, true},
    {"Ave", "avenue", S, true, true},
    {"Rd", "road", S, true, true},
    {"hr", "hour", S, true, true},
    {"mo", "month", S, true, true},
    {"mos", "months", S, true, true},
    {"Jan", "January", S, true, true},
    {"Feb", "February", S, true, true},
    {"Mar", "March", S, true, true},
    {"Apr", "April", S, true, true},
    {"Jun", "June", S, true, true},
    {"Jul", "July", S, true, true},
    {"Aug", "August", S, true, true},
    {"Sep", "September", S, true, true},
    {"Sept", "September", S, true, true},
    {"Oct", "October", S, true, true},
    {"Nov", "November", S, true, true},
    {"Dec", "December", S, true, true},
    {"Mon", "Monday", S, true, true},
    {"Tue", "Tuesday", S, true, true},
    {"Wed", "Wednesday", S, true, true},
    {"Thu", "Thursday", S, true, true},
    {"Fri", "Friday", S, true, true},
    {"Sat", "Saturday", S, true, true},
    {"Sun", "Sunday", S, true, true},
    {"Jan", "January", S, true, false},
    {"Feb", "February", S, true, false},
    {"Aug", "August", S, true, false},
    {"Sept", "September", S, true, false},
    {"Oct", "October", S, true, false},
    {"Nov", "November", S, true, false},
    {"Dec", "December", S, true, false},
    {"Inc", "incorporated", S, true, false},
    {"Corp", "corporation", S, true, false},
};

/* Case matters unless the key is all lower case. Capitals in the reading are spelled out letter by letter. */
static const struct {
    const char *from, *to;
} terms[] = {
    {"c++", "C plus plus"},
    {"c#", "C sharp"},
    {"f#", "F sharp"},
    {".net", "dot net"},
    {"asp.net", "ASP dot net"},
    {"node.js", "node JS"},
    {"vue.js", "view JS"},
    {"vue", "view"},
    {"next.js", "next JS"},
    {"nuxt.js", "nuxt JS"},
    {"three.js", "three JS"},
    {"d3.js", "D three JS"},
    {"express.js", "express JS"},
    {"react.js", "react JS"},
    {"nodejs", "node JS"},
    {"k8s", "kubernetes"},
    {"i18n", "internationalization"},
    {"l10n", "localization"},
    {"a11y", "accessibility"},
    {"ios", "I OS"},
    {"macos", "mac OS"},
    {"nginx", "engine X"},
    {"postgresql", "post gress QL"},
    {"postgres", "post gress"},
    {"mysql", "my SQL"},
    {"nosql", "no SQL"},
    {"graphql", "graph QL"},
    {"sqlite", "SQL light"},
    {"oauth", "O auth"},
    {"oauth2", "O auth two"},
    {"devops", "dev ops"},
    {"devsecops", "dev sec ops"},
    {"mlops", "ML ops"},
    {"regex", "reg ex"},
    {"async", "a sink"},
    {"kubectl", "kube control"},
    {"sudo", "soo doo"},
    {"json", "jason"},
    {"yaml", "yammel"},
    {"toml", "tommel"},
    {"jwt", "JWT"},
    {"saas", "sass"},
    {"paas", "pass"},
    {"iaas", "eye azz"},
    {"wifi", "why fye"},
    {"wi-fi", "why fye"},
    {"crud", "crud"},
    {"ascii", "askey"},
    {"ph.d", "PHD"},
    {"phd", "PHD"},
    {"b.s", "BS"},
    {"b.a", "BA"},
    {"m.d", "MD"},
    {"mba", "MBA"},
    {"ceo", "CEO"},
    {"cto", "CTO"},
    {"cfo", "CFO"},
    {"hr", "HR"},
    {"api", "API"},
    {"apis", "APIs"},
    {"url", "URL"},
    {"urls", "URLs"},
    {"html", "HTML"},
    {"css", "CSS"},
    {"aws", "AWS"},
    {"gcp", "GCP"},
    {"gpu", "GPU"},
    {"cpu", "CPU"},
    {"sql", "SQL"},
    {"tcp", "TCP"},
    {"udp", "UDP"},
    {"http", "HTTP"},
    {"https", "HTTPS"},
    {"ssh", "SSH"},
    {"gpt", "GPT"},
    {"llm", "LLM"},
    {"llms", "LLMs"},
    {"qa", "QA"},
    {"kpi", "KPI"},
    {"kpis", "KPIs"},
    {"faq", "FAQ"},
    {"w/", "with"},
    {"w/o", "without"},
    {"b/c", "because"},
    {"n/a", "not applicable"},
    {"24/7", "twenty four seven"},
    {"and/or", "and or"},
    {"a.m", "AM"},
    {"p.m", "PM"},
    {"am/pm", "AM PM"},
    {"mhm", "mm hmm"},
    {"hmm", "hmm"},
    {"ok", "okay"},
    {"o.k", "okay"},
    {"&", "and"},
    {"=>", "to"},
    {"->", "to"},
    {"<-", "from"},
    {"==", "equals"},
    {"!=", "is not"},
    {">=", "at least"},
    {"<=", "at most"},
    {"o'clock", "o'clock"},
    {"cv", "CV"},
    {"u.s", "US"},
    {"u.k", "UK"},
    {"e-mail", "email"},
    {"github", "git hub"},
    {"gitlab", "git lab"},
    {"linkedin", "linked in"},
    {"javascript", "java script"},
    {"typescript", "type script"},
    {"pytorch", "pie torch"},
    {"numpy", "num pie"},
    {"scipy", "sigh pie"},
    {"pypi", "pie P I"},
    {"sklearn", "S K learn"},
    {"kubernetes", "koober netties"},
    {"redis", "reddis"},
};

static const struct {
    const char *unit, *one, *many;
} units[] = {
    {"k", "thousand", "thousand"},
    {"K", "thousand", "thousand"},
    {"m", "meter", "meters"},
    {"M", "million", "million"},
    {"B", "billion", "billion"},
    {"bn", "billion", "billion"},
    {"mn", "million", "million"},
    {"T", "trillion", "trillion"},
    {"km", "kilometer", "kilometers"},
    {"cm", "centimeter", "centimeters"},
    {"mm", "millimeter", "millimeters"},
    {"kg", "kilogram", "kilograms"},
    {"g", "gram", "grams"},
    {"mg", "milligram", "milligrams"},
    {"lb", "pound", "pounds"},
    {"lbs", "pound", "pounds"},
    {"oz", "ounce", "ounces"},
    {"ft", "foot", "feet"},
    {"mi", "mile", "miles"},
    {"l", "liter", "liters"},
    {"L", "liter", "liters"},
    {"ml", "milliliter", "milliliters"},
    {"mL", "milliliter", "milliliters"},
    {"mph", "mile per hour", "miles per hour"},
    {"km/h", "kilometer per hour", "kilometers per hour"},
    {"s", "second", "seconds"},
    {"sec", "second", "seconds"},
    {"secs", "second", "seconds"},
    {"ms", "millisecond", "milliseconds"},
    {"us", "microsecond", "microseconds"},
    {"ns", "nanosecond", "nanoseconds"},
    {"min", "minute", "minutes"},
    {"mins", "minute", "minutes"},
    {"h", "hour", "hours"},
    {"hr", "hour", "hours"},
    {"hrs", "hour", "hours"},
    {"d", "day", "days"},
    {"yr", "year", "years"},
    {"yrs", "year", "years"},
    {"B/s", "byte per second", "bytes per second"},
    {"KB", "kilobyte", "kilobytes"},
    {"kB", "kilobyte", "kilobytes"},
    {"MB", "megabyte", "megabytes"},
    {"GB", "gigabyte", "gigabytes"},
    {"TB", "terabyte", "terabytes"},
    {"PB", "petabyte", "petabytes"},
    {"Mb", "megabit", "megabits"},
    {"Gb", "gigabit", "gigabits"},
    {"Mbps", "megabit per second", "megabits per second"},
    {"Gbps", "gigabit per second", "gigabits per second"},
    {"MB/s", "megabyte per second", "megabytes per second"},
    {"Hz", "hertz", "hertz"},
    {"kHz", "kilohertz", "kilohertz"},
    {"MHz", "megahertz", "megahertz"},
    {"GHz", "gigahertz", "gigahertz"},
    {"W", "watt", "watts"},
    {"kW", "kilowatt", "kilowatts"},
    {"MW", "megawatt", "megawatts"},
    {"kWh", "kilowatt hour", "kilowatt hours"},
    {"V", "volt", "volts"},
    {"px", "pixel", "pixels"},
    {"x", "times", "times"},
    {"X", "times", "times"},
    {"%", "percent", "percent"},
    {"\u00b0", "degree", "degrees"},
    {"\u00b0C", "degree celsius", "degrees celsius"},
    {"\u00b0F", "degree fahrenheit", "degrees fahrenheit"},
    {"+", "plus", "plus"},
    {"am", "AM", "AM"},
    {"pm", "PM", "PM"},
    {"AM", "AM", "AM"},
    {"PM", "PM", "PM"},
    {"\u00b5s", "microsecond", "microseconds"},
    {"QPS", "QPS", "QPS"},
    {"fps", "frame per second", "frames per second"},
    {"req/s", "request per second", "requests per second"},
    {"rps", "request per second", "requests per second"},
};

static const char *const read_as_words[] = {
    "NASA",  "NATO",  "JSON",  "REST",  "SOAP",  "CRUD",   "AJAX",   "RAM",  "ROM",  "LAN",  "WAN",   "GIF",   "JPEG",
    "PIN",   "SIM",   "SCRUM", "AGILE", "ACID",  "SOLID",  "DRY",    "KISS", "SWOT", "STAR", "SMART", "BASH",  "LAMP",
    "MEAN",  "MERN",  "RADAR", "LASER", "SONAR", "UNESCO", "UNICEF", "FIFA", "OPEC", "A",    "I",     "AN",    "AND",
    "ARE",   "AS",    "AT",    "BE",    "BUT",   "BY",     "CAN",    "DID",  "DO",   "DOES", "DONE",  "FOR",   "FROM",
    "GET",   "GO",    "HAD",   "HAS",   "HAVE",  "HE",     "HER",    "HERE", "HIM",  "HIS",  "HOW",   "IF",    "IN",
    "INTO",  "IS",    "ITS",   "JUST",  "LET",   "LIKE",   "MAY",    "ME",   "MORE", "MOST", "MUCH",  "MUST",  "MY",
    "NEED",  "NEW",   "NO",    "NONE",  "NOT",   "NOW",    "OF",     "OFF",  "OK",   "OLD",  "ON",    "ONE",   "ONLY",
    "OR",    "OTHER", "OUR",   "OUT",   "OVER",  "SAID",   "SAY",    "SEE",  "SHE",  "SO",   "SOME",  "STOP",  "SUCH",
    "THAN",  "THAT",  "THE",   "THEM",  "THEN",  "THEY",   "THIS",   "TIME", "TO",   "TOO",  "TWO",   "UP",    "USE",
    "VERY",  "WANT",  "WAS",   "WAY",   "WE",    "WELL",   "WERE",   "WHAT", "WHEN", "WHO",  "WHY",   "WILL",  "WITH",
    "WON'T", "YES",   "YOU",   "YOUR",  "ALL",   "ANY",    "BEST",   "BIG",  "EACH", "EVER", "GOOD",  "HELP",  "HIGH",
    "KEEP",  "KNOW",  "LAST",  "LESS",  "LONG",  "LOW",    "MAKE",   "MANY", "NEXT", "OPEN", "PART",  "REAL",  "SAME",
    "TAKE",  "TELL",  "TEST",  "TEAM",  "WORK",  "YEAR",   "FREE",   "NOTE", "READ", "SALE", "HELLO", "THREE", "HI",
};

static const struct {
    char c;
    const char *name;
} symbols[] = {
    {'&', "and"},     {'+', "plus"}, {'=', "equals"},     {'@', "at"},
    {'%', "percent"}, {'#', "hash"}, {'<', "less than"},  {'>', "greater than"},
    {'$', "dollar"},  {'^', ""},     {'*', ""},           {'_', " "},
    {'~', "about"},   {'|', ""},     {'\\', "backslash"}, {'`', ""},
    {'"', ""},        {'(', ""},     {')', ""},           {'[', ""},
    {']', ""},        {'{', ""},     {'}', ""},           {'/', "slash"},
    {'-', " "},       {'.', "dot"},  {',', " "},          {':', " "},
    {';', " "},       {'!', ""},     {'?', ""},
};

static bool equals(const char *key, const char *word, size_t n, bool any_case)
{
    return strlen(key) == n && (any_case ? strncasecmp(key, word, n) : strncmp(key, word, n)) == 0;
}

const struct abbreviation *lexicon_abbreviation(const char *word, size_t n, bool dot)
{
    for (size_t i = 0; i < COUNT(abbreviations); i++) {
        const struct abbreviation *a = &abbreviations[i];
        if ((dot || !a->needs_dot) && equals(a->from, word, n, !a->exact_case))
            return a;
    }
    return NULL;
}

const char *lexicon_term(const char *word, size_t n)
{
    for (size_t i = 0; i < COUNT(terms); i++)
        if (equals(terms[i].from, word, n, true))
            return terms[i].to;
    return NULL;
}

const char *lexicon_unit(const char *unit, size_t n, bool one)
{
    for (size_t i = 0; i < COUNT(units); i++)
        if (equals(units[i].unit, unit, n, false))
            return one ? units[i].one : units[i].many;
    return NULL;
}

bool lexicon_read_as_word(const char *word, size_t n)
{
    for (size_t i = 0; i < COUNT(read_as_words); i++)
        if (equals(read_as_words[i], word, n, false))
            return true;
    return false;
}

const char *lexicon_symbol(char c)
{
    for (size_t i = 0; i < COUNT(symbols); i++)
        if (symbols[i].c == c)
            return symbols[i].name;
    return NULL;
}
