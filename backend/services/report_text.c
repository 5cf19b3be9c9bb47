#include "services/report_text.h"

#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define NEGATION_REACH    10 /* words behind a negation that it turns round */
#define FOREIGN_WORDS     10
#define COUNT(list)       (sizeof(list) / sizeof *(list))
#define IS_AMONG(list, w) (bsearch((w), (list), COUNT(list), sizeof *(list), compare_words) != NULL)

/* All sorted: they are searched by halves. */
static const char *const stop_words[] = {
    "a",    "about", "an",   "and",   "are",   "as",   "at",    "be",   "been", "but",   "by",  "can",
    "did",  "do",    "does", "for",   "from",  "had",  "has",   "have", "how",  "i",     "if",  "in",
    "into", "is",    "it",   "its",   "me",    "my",   "not",   "of",   "on",   "or",    "our", "so",
    "such", "that",  "the",  "their", "them",  "then", "there", "they", "this", "to",    "was", "we",
    "were", "what",  "when", "where", "which", "who",  "why",   "will", "with", "would", "you", "your"};
/* They say nothing about a point either, but their presence makes a sentence of a list. */
static const char *const light_words[] = {"also", "am",   "any",   "because", "could", "he",    "her", "him",
                                          "his",  "just", "may",   "no",      "only",  "other", "she", "should",
                                          "some", "than", "these", "those",   "us",    "while"};
static const char *const negations[] = {"arent",   "cannot", "cant",   "couldnt", "didnt",  "doesnt", "dont",
                                        "failed",  "forgot", "hadnt",  "hasnt",   "havent", "isnt",   "neither",
                                        "never",   "no",     "nobody", "none",    "nor",    "not",    "nothing",
                                        "refused", "wasnt",  "werent", "without", "wont",   "wouldnt"};
static const char *const foreign_words[] = {
    "aber", "auch", "avec", "che", "como",  "con",  "dans", "das", "della", "der",  "des", "die",  "een",
    "ein",  "eine", "el",   "en",  "est",   "et",   "het",  "ich", "ist",   "je",   "la",  "las",  "le",
    "les",  "los",  "mais", "mit", "nicht", "nous", "para", "pas", "per",   "pero", "por", "pour", "que",
    "qui",  "sono", "sur",  "una", "und",   "une",  "van",  "wir", "y",     "zu"};
/* Sounds that no text has for a word: "mm" and "er" may be one. */
static const char *const fillers[] = {"ehm", "erm", "hmm", "mmm", "uh", "uhh", "uhm", "um", "umm"};
static const char *const persons[] = {"he",  "her",   "hers",   "herself", "him",        "himself", "his",
                                      "she", "their", "theirs", "them",    "themselves", "they"};
static const char *const titles[] = {"dr", "madam", "miss", "mr", "mrs", "ms", "mx", "prof", "sir"};
static const char *const first_names[] = {
    "aaron",    "abdul",   "adam",     "ahmed",    "aisha",  "ali",      "alice",  "amina",  "amir",    "ana",
    "andrea",   "andrew",  "anil",     "anita",    "anna",   "anthony",  "arjun",  "ayse",   "barbara", "ben",
    "brian",    "carlos",  "carol",    "chen",     "chloe",  "chris",    "daniel", "david",  "deepa",   "diego",
    "elena",    "emily",   "emma",     "eric",     "fatima", "fatou",    "felix",  "george", "giulia",  "hannah",
    "hassan",   "henry",   "ibrahim",  "ivan",     "jack",   "jakub",    "jamal",  "james",  "jane",    "javier",
    "jennifer", "jin",     "joao",     "john",     "jose",   "joseph",   "juan",   "julia",  "karen",   "karim",
    "kate",     "kenji",   "kevin",    "kofi",     "kwame",  "lakisha",  "laura",  "lei",    "leila",   "li",
    "linda",    "lisa",    "lucas",    "luis",     "magda",  "maria",    "marie",  "mary",   "mei",     "michael",
    "ming",     "mohamed", "mohammed", "monika",   "nadia",  "nguyen",   "nina",   "noah",   "nour",    "olga",
    "oliver",   "olivia",  "omar",     "patricia", "paul",   "pedro",    "peter",  "pierre", "priya",   "rahul",
    "raj",      "ravi",    "robert",   "rosa",     "samuel", "sandra",   "sanjay", "sara",   "sarah",   "sergei",
    "sofia",    "sophie",  "steven",   "sunita",   "susan",  "svetlana", "tamara", "tariq",  "thomas",  "tom",
    "tyrone",   "wei",     "william",  "yan",      "yuki",   "yusuf",    "zainab", "zoe"};

static int compare_words(const void *a, const void *b)
{
    return strcmp(a, *(const char *const *)b);
}

/* Cuts common English endings, so that "measured", "measuring" and "measures" meet. Keeps at least four letters. */
static void cut_ending(char *w)
{
    static const char *const endings[] = {"ations", "ation", "ments", "ment", "ingly", "edly", "ings",
                                          "ness",   "ions",  "ion",   "ies",  "ing",   "ers",  "est",
                                          "ed",     "er",    "es",    "ly",   "s",     "e"};
    size_t n = strlen(w);
    for (size_t i = 0; i < COUNT(endings); i++) {
        size_t k = strlen(endings[i]);
        if (n >= k + 4 && !strcmp(w + n - k, endings[i])) {
            w[n - k] = '\0';
            return;
        }
    }
}

const struct stem *text_find_stem(const struct stems *s, const char *w)
{
    for (size_t i = 0; i < s->count; i++)
        if (!strcmp(s->items[i].text, w))
            return &s->items[i];
    return NULL;
}

/* One character of a text, as words are made of: its bytes go to out (lower case), or it separates words, or (an
 * apostrophe, straight or curly) it is left out of its word. */
enum letter { LETTER, LETTER_SKIPPED, LETTER_NONE };

static enum letter read_letter(const char *p, size_t n, char out[4], size_t *size)
{
    uint32_t c = 0;
    *size = utf8_next(p, n, &c);
    if (*size == 0) {
        *size = 1;
        return LETTER_NONE;
    }
    if (c == '\'' || c == 0x2019)
        return LETTER_SKIPPED;
    if (c < 0x80 ? !isalnum((int)c) : c < 0xC0 || (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x303F))
        return LETTER_NONE;
    memcpy(out, p, *size);
    if (c < 0x80)
        out[0] = (char)tolower((int)c);
    else if (c >= 0xC0 && c <= 0xDE && c != 0xD7) /* the capitals of Latin-1 */
        out[1] = (char)(out[1] + 0x20);
    return LETTER;
}

struct word {
    char text[STEM_MAX]; /* lower case, cut */
    size_t start;        /* where its first letter stands */
    bool new_clause, new_sentence;
};

/* The next word of the text from *at on; false at the end. */
static bool any_word(const char *text, size_t n, size_t *at, struct word *w)
{
    size_t len = 0, size;
    bool in_word = false;
    w->new_clause = w->new_sentence = *at == 0;
    for (; *at < n; *at += size) {
        char c[4];
        enum letter l = read_letter(text + *at, n - *at, c, &size);
        if (l == LETTER_NONE && in_word)
            break;
        if (l == LETTER_NONE) {
            w->new_clause = w->new_clause || strchr(",;:.!?\n", text[*at]);
            w->new_sentence = w->new_sentence || strchr(".!?\n", text[*at]);
        }
        if (l != LETTER)
            continue;
        if (!in_word)
            w->start = *at;
        in_word = true;
        if (len + size < STEM_MAX) {
            memcpy(w->text + len, c, size);
            len += size;
        }
    }
    w->text[len] = '\0';
    return in_word;
}

/* The same without fillers: how somebody speaks is in no score. Their commas go with them. */
static bool next_word(const char *text, size_t n, size_t *at, struct word *w)
{
    bool sentence = false, clause = false, there;
    while ((there = any_word(text, n, at, w)) && IS_AMONG(fillers, w->text)) {
        sentence = sentence || w->new_sentence;
        clause = clause || (w->new_clause && text[*at] != ',');
        *at += text[*at] == ',';
    }
    w->new_sentence = w->new_sentence || sentence;
    w->new_clause = w->new_clause || clause || sentence;
    return there;
}

size_t text_count_words(const char *text)
{
    struct word w;
    size_t words = 0, n = strlen(text);
    for (size_t at = 0; next_word(text, n, &at, &w);)
        words++;
    return words;
}

bool text_is_filler(const char *text)
{
    struct word w;
    size_t n = strlen(text), any = 0, other = 0;
    return any_word(text, n, &any, &w) && !next_word(text, n, &other, &w);
}

const char *text_plain(const char *text, struct arena *a)
{
    struct word w;
    size_t n = strlen(text), len = 1;
    char *out = arena_alloc(a, 2 * n + 3);
    if (!out)
        return NULL;
    out[0] = ' ';
    for (size_t at = 0; next_word(text, n, &at, &w);) {
        const size_t k = strlen(w.text);
        memcpy(out + len, w.text, k);
        out[len + k] = ' ';
        len += k + 1;
    }
    out[len] = '\0';
    return out;
}

static bool is_function_word(const char *w)
{
    return IS_AMONG(stop_words, w) || IS_AMONG(light_words, w) || IS_AMONG(negations, w);
}

double text_function_share(const char *text)
{
    struct word w;
    size_t words = 0, light = 0, n = strlen(text);
    for (size_t at = 0; next_word(text, n, &at, &w); words++)
        light += is_function_word(w.text);
    return words ? (double)light / (double)words : 0;
}

/* Words in a row, as far as it goes. */
struct row {
    char seen[TEXT_LIST_WORDS][STEM_MAX];
    size_t distinct, start, end;
    bool broken; /* a sentence ended in it */
};

#define TAIL_WORDS 6 /* of a sentence, behind its last function word: they are no part of the row that follows */

static void row_add(struct row *r, struct word *w, size_t end)
{
    size_t i = 0;
    cut_ending(w->text);
    while (i < r->distinct && strcmp(r->seen[i], w->text) != 0)
        i++;
    if (r->distinct == 0) {
        r->start = w->start;
        r->broken = false;
    } else if (w->new_sentence && !r->broken) {
        r->start = r->distinct <= TAIL_WORDS ? w->start : r->start;
        r->broken = true;
    }
    if (i == r->distinct && r->distinct < TEXT_LIST_WORDS)
        memcpy(r->seen[r->distinct++], w->text, STEM_MAX);
    r->end = end;
}

/* Figures and letters are in formulas, which are no lists of words. */
static bool is_plain_word(const char *w)
{
    return strlen(w) > 2 && !strpbrk(w, "0123456789");
}

bool text_find_list(const char *text, size_t from, size_t *start, size_t *end)
{
    static const char *const between[] = {"a", "an", "and", "or", "the"};
    struct row r = {.distinct = 0};
    struct word w;
    bool sentence = false; /* one began since the last word of content */
    const size_t n = strlen(text);
    for (size_t at = from; next_word(text, n, &at, &w);) {
        w.new_sentence = sentence = sentence || w.new_sentence;
        if (IS_AMONG(between, w.text))
            continue;
        sentence = false;
        if (is_function_word(w.text)) {
            if (r.distinct == TEXT_LIST_WORDS)
                break;
            r.distinct = 0;
        } else if (is_plain_word(w.text)) {
            row_add(&r, &w, at);
        }
    }
    *start = r.start;
    *end = r.end;
    return r.distinct == TEXT_LIST_WORDS;
}

enum status text_stems(const char *text, const struct stems *except, struct arena *a, struct stems *ret,
                       struct error *err)
{
    size_t n = strlen(text), cap = n / 2 + 2;
    struct stems out = {.items = arena_array(a, cap, sizeof *out.items)};
    struct word w;
    int reach = 0;
    if (!out.items)
        return arena_exhausted(err);
    for (size_t at = 0; next_word(text, n, &at, &w);) {
        if (w.new_clause || !strcmp(w.text, "but"))
            reach = 0;
        reach = IS_AMONG(negations, w.text) ? NEGATION_REACH : reach > 0 ? reach - 1 : 0;
        if (IS_AMONG(stop_words, w.text))
            continue;
        cut_ending(w.text);
        struct stem *known = (struct stem *)(uintptr_t)text_find_stem(&out, w.text);
        if (known)
            known->negated = known->negated && reach > 0;
        if (known || (except && text_find_stem(except, w.text)) || out.count == cap)
            continue;
        memcpy(out.items[out.count].text, w.text, STEM_MAX);
        out.items[out.count++].negated = reach > 0 && reach < NEGATION_REACH;
    }
    *ret = out;
    return STATUS_OK;
}

static bool is_latin(const char *text)
{
    size_t other = 0, ascii = 0, n = strlen(text), size;
    for (size_t at = 0; at < n; at += size) {
        uint32_t c = 0;
        size = utf8_next(text + at, n - at, &c);
        ascii += size == 1 && isalpha((int)c);
        other += c >= 0x370 && (c < 0x2000 || c > 0x206F);
        size = size ? size : 1;
    }
    return ascii >= other;
}

bool text_is_foreign(const char *question, const char *answer)
{
    struct word w;
    size_t words = 0, english = 0, foreign = 0, n = strlen(answer);
    if (text_function_share(question) < 0.2)
        return false; /* no English question: nothing is known about its words */
    if (!is_latin(answer))
        return true;
    for (size_t at = 0; next_word(answer, n, &at, &w); words++) {
        english += IS_AMONG(stop_words, w.text) || IS_AMONG(light_words, w.text);
        foreign += IS_AMONG(foreign_words, w.text);
    }
    return words >= FOREIGN_WORDS && foreign * 10 >= words && foreign > english;
}

bool text_addresses_grader(const char *text)
{
    static const char *const asks[] = {" give ",      " award ",  " assign ", " grant ", " deserve",
                                       " rate ",      " grade ",  " score ",  " mark ",  " ignore ",
                                       " disregard ", " return ", " set ",    " please "};
    static const char *const things[] = {" full marks",   " full points",   " full score", " full credit",
                                         " maximum",      " top score",     " highest",    " perfect score",
                                         " level 5 ",     " level five",    " 5 out of 5", " five out of",
                                         " 10 out of 10", " instructions ", " rubric",     " grader",
                                         " scorer ",      " evaluator",     " best grade", " full mark "};
    char plain[512] = " ";
    struct word w;
    size_t n = strlen(text), len = 1;
    bool ask = false, thing = false;
    for (size_t at = 0; next_word(text, n, &at, &w) && len + STEM_MAX + 2 < sizeof plain;) {
        size_t k = strlen(w.text);
        memcpy(plain + len, w.text, k);
        plain[len + k] = ' ';
        len += k + 1;
    }
    plain[len] = '\0';
    for (size_t i = 0; i < COUNT(asks); i++)
        ask = ask || strstr(plain, asks[i]);
    for (size_t i = 0; i < COUNT(things); i++)
        thing = thing || strstr(plain, things[i]);
    return ask && thing;
}

/* ---- people ---- */

static bool is_capital(const char *text, const struct word *w)
{
    const unsigned char first = (unsigned char)text[w->start], second = (unsigned char)text[w->start + 1];
    if (first == 0xC3)
        return second >= 0x80 && second <= 0x9E;
    return isupper(first) && !isupper(second) && w->text[1];
}

/* Where nouns have capitals (German) a capital says nothing. */
static bool capitals_name(const char *text)
{
    struct word w;
    size_t words = 0, capitals = 0, n = strlen(text);
    for (size_t at = 0; next_word(text, n, &at, &w); words++)
        capitals += !w.new_sentence && is_capital(text, &w);
    return capitals * 5 <= words || words < 8;
}

static const char *replacement(const char *text, const struct word *w, bool by_capital, const struct stems *keep)
{
    char stem[STEM_MAX];
    if (IS_AMONG(persons, w->text))
        return "they";
    if (!is_capital(text, w) || IS_AMONG(stop_words, w->text))
        return NULL;
    if (IS_AMONG(titles, w->text))
        return "";
    memcpy(stem, w->text, STEM_MAX);
    cut_ending(stem);
    if (keep && text_find_stem(keep, stem))
        return NULL;
    return (by_capital && !w->new_sentence) || IS_AMONG(first_names, w->text) ? "someone" : NULL;
}

/* "I, um, looked" -> "I looked"; "Then I looked um." -> "Then I looked." NULL: out of memory. */
static const char *without_fillers(const char *text, struct arena *a)
{
    struct word w;
    size_t n = strlen(text), len = 0, copied = 0;
    char *out = arena_alloc(a, n + 1);
    for (size_t at = 0; out && any_word(text, n, &at, &w);) {
        if (!IS_AMONG(fillers, w.text))
            continue;
        memcpy(out + len, text + copied, w.start - copied);
        len += w.start - copied;
        const bool comma = text[at] == ',';
        at += comma;
        at += strspn(text + at, " ");
        if (comma && len > 1 && out[len - 2] == ',' && out[len - 1] == ' ')
            out[--len - 1] = ' ';
        while (strchr(".!?;", text[at]) && len && strchr(", ", out[len - 1]))
            len--;
        copied = at;
    }
    if (out)
        memcpy(out + len, text + copied, n - copied + 1);
    return out;
}

const char *text_neutral(const char *said, const struct stems *keep, struct arena *a)
{
    struct word w;
    const char *text = without_fillers(said, a);
    if (!text)
        return NULL;
    size_t n = strlen(text), len = 0, copied = 0;
    char *out = arena_alloc(a, n * 4 + 8); /* "h" never becomes more than "someone" */
    bool by_capital = capitals_name(text), person = false;
    for (size_t at = 0; out && next_word(text, n, &at, &w);) {
        const char *other = replacement(text, &w, by_capital, keep);
        if (!other) {
            person = false;
            continue;
        }
        memcpy(out + len, text + copied, w.start - copied);
        len += w.start - copied;
        copied = at;
        if (person && *other == 's') { /* a surname behind its first name */
            len -= len && out[len - 1] == ' ';
            continue;
        }
        person = *other == 's';
        memcpy(out + len, other, strlen(other));
        len += strlen(other);
    }
    if (!out)
        return NULL;
    memcpy(out + len, text + copied, n - copied + 1);
    return out;
}
