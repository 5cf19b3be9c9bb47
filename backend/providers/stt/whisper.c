/* Whisper over sound of any length: cut by voice activity, each piece decoded, times brought back to the whole. */

#include "base/buf.h"
#include "base/utf8.h"
#include "providers/stt/pieces.h"
#include "providers/stt/stt_backend.h"
#include "providers/stt/whisper_align.h"
#include "providers/stt/whisper_decode.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RATE       WHISPER_RATE
#define WINDOW_MAX (30 * RATE)
/* Silence after the speech: the model knows windows of 30 s, less is faster; below 6 s words are lost. */
#define TAIL            ((size_t)7 * RATE)
#define RESUME_AFTER    2.0    /* seconds of speech left over by the model that are worth another window */
#define WINDOWS_MAX     6      /* of one piece */
#define DOUBTFUL        (-1.0) /* mean log probability (the reference's threshold) */
#define NO_SPEECH       0.6    /* the same; speech of the test set stays below 0.1 */
#define NO_SPEECH_SURE  0.8    /* above: "Thank you." and the like, which it hears in humming and music */
#define UNSURE          (-0.7)
#define FEW_TOKENS      10
#define NOT_SURE        (-0.5) /* below: worth a wider search */
#define NOT_SURE_OTHER  (-0.3) /* the same of languages that the model knows less well than English */
#define BEAM            3
#define BEAM_UNHURRIED  5
#define SURE_LANGUAGE   0.6
#define DETECT_PIECES   3
#define CANDIDATES      3    /* languages tried when it is not sure, */
#define CANDIDATE_SHARE 0.05 /* each at least this fraction as likely as the first */
#define SEGMENTS_MAX    200000
#define TEXT_MAX        (16u << 20)
#define SCRATCH_SLACK   (64u << 20)

struct whisper {
    struct whisper_model *model;
    struct vad *vad;
};

/* One call's work. Scratch memory is its own: the caller's arena gets the result only. */
struct job {
    struct whisper *w;
    const struct stt_options *options;
    struct arena *scratch, *out;
    struct whisper_state state;
    float *window;        /* WINDOW_MAX samples */
    const float *encoded; /* what state holds: this sound, its samples, and all with the silence */
    size_t encoded_n, encoded_total;
    int64_t prompt[WHISPER_PROMPT_MAX], likely[WHISPER_LIKELY_MAX];
    struct whisper_decode_options decode;
    double language_probability;
    const char *sounds_like;
    double sounds_like_probability;
    struct stt_segment *segments;
    size_t n_segments, segments_cap;
    struct stt_word *words;
    size_t n_words, words_cap;
    struct buf text;
    double sum_logprob, sum_no_speech, sum_right;
    size_t n_tokens, n_windows, n_right; /* sum_right over so many words (tokens where words are not timed) */
    struct stt_ending ending;
};

static void whisper_close(void *model)
{
    struct whisper *w = model;
    whisper_model_free(w->model);
    vad_free(w->vad);
    free(w);
}

static enum status whisper_open(const struct provider_config *cfg, void **model, struct error *err)
{
    struct whisper *w = calloc(1, sizeof *w);
    if (w == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for speech recognition");
    enum status st = whisper_model_new(cfg, &w->model, err);
    if (st == STATUS_OK)
        st = vad_new("silero", cfg, &w->vad, err);
    if (st != STATUS_OK) {
        whisper_close(w);
        return st;
    }
    *model = w;
    return STATUS_OK;
}

static const char *whisper_describe(const void *model)
{
    return ((const struct whisper *)model)->model->name;
}

/* Encodes n samples followed by `tail` of silence; what is encoded already (to tell the language) is not done again. */
static enum status encode(struct job *j, const float *pcm, size_t n, size_t tail, struct error *err)
{
    size_t total = n + tail < WINDOW_MAX ? n + tail : WINDOW_MAX;
    total = (total + WHISPER_HOP - 1) / WHISPER_HOP * WHISPER_HOP;
    if (j->encoded == pcm && j->encoded_n == n && j->encoded_total == total)
        return whisper_state_rewind(&j->state, err);
    memcpy(j->window, pcm, n * sizeof *pcm);
    memset(j->window + n, 0, (total - n) * sizeof *pcm);
    j->encoded = NULL;
    enum status st = whisper_encode(j->w->model, j->window, total, &j->state, err);
    if (st == STATUS_OK) {
        j->encoded = pcm;
        j->encoded_n = n;
        j->encoded_total = total;
    }
    return st;
}

static int language_index(const struct whisper_model *m, const char *code)
{
    for (size_t i = 0; i < m->n_languages; i++)
        if (strcmp(m->languages[i].code, code) == 0)
            return (int)i;
    return -1;
}

static double mean_logprob(const struct whisper_result *r)
{
    return r->n_tokens == 0 ? 0 : r->sum_logprob / (double)r->n_tokens;
}

static double not_sure(const struct job *j)
{
    const int english = language_index(j->w->model, "en");
    if (j->decode.language < 0 || j->decode.language == english)
        return NOT_SURE;
    return j->options->unhurried ? HUGE_VAL : NOT_SURE_OTHER;
}

/* What the likeliest token at each step makes little of, a wider search may make more of. */
static enum status search_wider(struct job *j, double seconds, struct whisper_result *r, struct error *err)
{
    struct whisper_decode_options o = j->decode;
    struct whisper_result wider;
    o.beam = j->options->unhurried ? BEAM_UNHURRIED : BEAM;
    enum status st = whisper_state_rewind(&j->state, err);
    if (st == STATUS_OK)
        st = whisper_decode(&j->state, seconds, &o, j->scratch, &wider, err);
    if (st == STATUS_OK && wider.n_tokens > 0 && (r->looped || mean_logprob(&wider) > mean_logprob(r)))
        *r = wider;
    return st;
}

/* What the first window sounds like, whatever the caller says it is. */
static void take_language(struct job *j)
{
    const struct whisper_model *m = j->w->model;
    const float *p = j->decode.languages;
    if (p == NULL)
        return;
    size_t best = 0;
    for (size_t i = 0; i < m->n_languages; i++)
        best = p[i] > p[best] ? i : best;
    j->sounds_like = m->languages[best].code;
    j->sounds_like_probability = exp((double)p[best]);
    j->decode.languages = NULL;
}

/* A window that went wrong with little silence behind it is tried once more as the model was trained, 30 s long. */
static enum status decode_window(struct job *j, const float *pcm, size_t n, struct whisper_result *ret,
                                 struct error *err)
{
    const double seconds = (double)n / RATE;
    enum status st = encode(j, pcm, n, TAIL, err);
    if (st == STATUS_OK)
        st = whisper_decode(&j->state, seconds, &j->decode, j->scratch, ret, err);
    if (st == STATUS_OK)
        take_language(j);
    if (st == STATUS_OK && j->options->thorough && (ret->looped || mean_logprob(ret) < not_sure(j)))
        st = search_wider(j, seconds, ret, err);
    const bool whole = n + TAIL >= WINDOW_MAX; /* it was 30 s long */
    if (st != STATUS_OK || whole || j->options->draft || (!ret->looped && mean_logprob(ret) >= DOUBTFUL))
        return st;
    struct whisper_result again;
    st = encode(j, pcm, n, WINDOW_MAX, err);
    if (st == STATUS_OK)
        st = whisper_decode(&j->state, seconds, &j->decode, j->scratch, &again, err);
    if (st == STATUS_OK &&
        ((ret->looped && !again.looped) || (ret->looped == again.looped && mean_logprob(&again) > mean_logprob(ret))))
        *ret = again;
    return st;
}

/* Adds up the evidence of the first pieces until one language is likely enough. */
static enum status detect_language(struct job *j, const struct piece *pieces, size_t n, double *p, struct error *err)
{
    const struct whisper_model *m = j->w->model;
    float *one = arena_array(j->scratch, m->n_languages, sizeof *one);
    if (one == NULL)
        return arena_exhausted(err);
    for (size_t i = 0; i < n && i < DETECT_PIECES; i++) {
        enum status st = encode(j, pieces[i].pcm, pieces[i].n, TAIL, err);
        if (st == STATUS_OK)
            st = whisper_detect(&j->state, one, err);
        if (st != STATUS_OK)
            return st;
        double total = 0;
        size_t best = 0;
        for (size_t k = 0; k < m->n_languages; k++) {
            p[k] += (double)one[k]; /* log probabilities, then below: probabilities */
            best = p[k] > p[best] ? k : best;
        }
        for (size_t k = 0; k < m->n_languages; k++)
            total += exp(p[k] - p[best]);
        j->decode.language = (int)best;
        j->language_probability = 1 / total;
        if (j->language_probability >= SURE_LANGUAGE)
            break;
    }
    return STATUS_OK;
}

/* When the sound of it does not tell, the words do: the likely languages are tried on the first piece, and the one
 * whose transcript the model believes most is taken. */
static enum status settle_language(struct job *j, const struct piece *first, double *p, struct error *err)
{
    const int best = j->decode.language;
    const double ceiling = p[best];
    double believed = -HUGE_VAL;
    int taken = best;

    enum status st = encode(j, first->pcm, first->n, TAIL, err);
    if (st != STATUS_OK)
        return st;
    for (int rank = 0, at = best; rank < CANDIDATES && p[at] > ceiling + log(CANDIDATE_SHARE); rank++) {
        struct whisper_result r;
        j->decode.language = at;
        st = whisper_decode(&j->state, (double)first->n / RATE, &j->decode, j->scratch, &r, err);
        if (st == STATUS_OK)
            st = whisper_state_rewind(&j->state, err);
        if (st != STATUS_OK)
            return st;
        if (!r.looped && mean_logprob(&r) > believed) {
            believed = mean_logprob(&r);
            taken = at;
        }
        p[at] = -HUGE_VAL;
        for (size_t k = 0; k < j->w->model->n_languages; k++)
            at = p[k] > p[at] ? (int)k : at;
    }
    j->decode.language = taken;
    return STATUS_OK;
}

static enum status choose_language(struct job *j, const struct piece *pieces, size_t n, struct error *err)
{
    const struct whisper_model *m = j->w->model;
    const char *asked = j->options->language == NULL ? "" : j->options->language;

    j->decode.language = -1;
    j->language_probability = 1;
    if (!m->multilingual)
        return asked[0] == '\0' || strcmp(asked, "en") == 0
                   ? STATUS_OK
                   : error_set(err, STATUS_INVALID, "language_unsupported", "language",
                               "%s knows English only: use the model base", m->name);
    if (n == 0)
        return STATUS_OK;
    if (asked[0] == '\0') {
        double *p = arena_array(j->scratch, m->n_languages, sizeof *p);
        if (p == NULL)
            return arena_exhausted(err);
        enum status st = detect_language(j, pieces, n, p, err);
        return st == STATUS_OK && j->language_probability < SURE_LANGUAGE ? settle_language(j, &pieces[0], p, err) : st;
    }
    if (j->options->sound_language &&
        (j->decode.languages = arena_array(j->scratch, m->n_languages, sizeof *j->decode.languages)) == NULL)
        return arena_exhausted(err);
    j->decode.language = language_index(m, asked);
    if (j->decode.language < 0)
        return error_set(err, STATUS_INVALID, "language_unsupported", "language",
                         "%s does not know the language \"%.20s\": give an ISO 639-1 code such as en, de, es, fr",
                         m->name, asked);
    return STATUS_OK;
}

/* Drops what is not valid UTF-8: a character cut off by the token limit. Trims spaces. */
static char *clean_text(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, strlen(s) + 1);
    size_t n = 0;
    if (out == NULL)
        return NULL;
    while (*s == ' ')
        s++;
    for (size_t left = strlen(s), len; left > 0; s += len, left -= len) {
        const size_t valid = utf8_next(s, left, NULL);
        memcpy(out + n, s, valid);
        n += valid;
        len = valid == 0 ? 1 : valid;
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return out;
}

/* Whether words of this language are written apart. */
static bool spaced(const struct job *j)
{
    static const char *const unspaced[] = {"zh", "ja", "th", "lo", "my", "km", "yue"};
    if (j->decode.language < 0)
        return true;
    for (size_t i = 0; i < sizeof unspaced / sizeof *unspaced; i++)
        if (strcmp(unspaced[i], j->w->model->languages[j->decode.language].code) == 0)
            return false;
    return true;
}

static enum status add_segment(struct job *j, double start, double end, const char *raw, struct error *err)
{
    char *text = clean_text(j->out, raw);
    if (text == NULL)
        return arena_exhausted(err);
    if (text[0] == '\0')
        return STATUS_OK;
    if (j->n_segments == j->segments_cap) {
        size_t cap = j->segments_cap == 0 ? 16 : j->segments_cap * 2;
        struct stt_segment *grown = arena_array(j->out, cap, sizeof *grown);
        if (grown == NULL)
            return arena_exhausted(err);
        if (j->n_segments > 0)
            memcpy(grown, j->segments, j->n_segments * sizeof *grown);
        j->segments = grown;
        j->segments_cap = cap;
    }
    if (j->text.len > 0 && spaced(j))
        buf_char(&j->text, ' ');
    buf_str(&j->text, text);
    j->segments[j->n_segments++] = (struct stt_segment){start, end, text};
    return STATUS_OK;
}

/* How likely a word is right that the model gave the probability p, in a window with that mean log probability: where
 * the window is doubtful its sure words are, too. A logistic curve, fitted to the words of bench/speech in noise;
 * bench/speech/hearing.py prints how well it holds. */
static double likely_right(double p, double mean)
{
    const double q = p < 0.005 ? 0.005 : p > 0.995 ? 0.995 : p;
    return 1 / (1 + exp(-(0.89 * log(q / (1 - q)) + 3.07 * mean + 2.23)));
}

static enum status add_word(struct job *j, double start, double end, const struct whisper_word *w, double mean,
                            struct error *err)
{
    char *text = clean_text(j->out, w->text);
    if (text == NULL)
        return arena_exhausted(err);
    if (text[0] == '\0')
        return STATUS_OK;
    if (j->n_words == j->words_cap) {
        size_t cap = j->words_cap == 0 ? 64 : j->words_cap * 2;
        struct stt_word *grown = arena_array(j->out, cap, sizeof *grown);
        if (grown == NULL)
            return arena_exhausted(err);
        if (j->n_words > 0)
            memcpy(grown, j->words, j->n_words * sizeof *grown);
        j->words = grown;
        j->words_cap = cap;
    }
    const double right = likely_right(w->p, mean);
    j->words[j->n_words++] = (struct stt_word){start, end, text, right};
    j->sum_right += right;
    j->n_right++;
    return STATUS_OK;
}

/* Text that the model itself doubts is speech. */
static bool invented(const struct whisper_result *r)
{
    return (r->no_speech > NO_SPEECH && mean_logprob(r) < UNSURE) ||
           (r->no_speech > NO_SPEECH_SURE && r->n_tokens <= FEW_TOKENS);
}

/* The words of one span, and its own times by theirs. */
static enum status take_words(struct job *j, const struct piece *p, double offset, size_t span,
                              const struct whisper_word *w, size_t n, double mean, double *start, double *end,
                              struct error *err)
{
    enum status st = STATUS_OK;
    bool any = false;
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        if (w[i].span != span)
            continue;
        const double from = piece_time(p, offset + w[i].start, false), to = piece_time(p, offset + w[i].end, true);
        *start = any ? *start : from;
        *end = to;
        any = true;
        st = add_word(j, from, to > from ? to : from, &w[i], mean, err);
    }
    return st;
}

/* Adds a window's spans; returns through *resume the second of the window from which more should be heard, or a
 * negative. */
static enum status take_window(struct job *j, const struct piece *p, double offset, double window,
                               const struct whisper_result *r, double *resume, struct error *err)
{
    struct whisper_word *words = NULL;
    size_t n_words = 0;
    double latest = 0;

    *resume = -1;
    j->n_windows++;
    j->sum_no_speech += r->no_speech;
    if (invented(r))
        return STATUS_OK;
    j->sum_logprob += r->sum_logprob;
    j->n_tokens += r->n_tokens;
    j->ending = r->ending;
    if (j->options->words) {
        const size_t from = (size_t)(offset * RATE);
        enum status st = whisper_align(&j->state, p->pcm + from, p->n - from, j->decode.language, spaced(j), r,
                                       j->scratch, &words, &n_words, err);
        if (st != STATUS_OK)
            return st;
    }
    for (size_t i = 0; i < r->n_spans; i++) {
        const struct whisper_span *s = &r->spans[i];
        const bool unfinished = r->cut && i > 0 && i + 1 == r->n_spans; /* heard again in the next window, whole */
        if (unfinished)
            break;
        double start = piece_time(p, offset + s->start, false), end = piece_time(p, offset + s->end, true);
        enum status st = take_words(j, p, offset, i, words, n_words, mean_logprob(r), &start, &end, err);
        if (n_words == 0) {
            j->sum_right += (double)s->n * likely_right(exp(mean_logprob(r)), mean_logprob(r));
            j->n_right += s->n;
        }
        if (st == STATUS_OK)
            st = add_segment(j, start, end, s->text, err);
        if (st != STATUS_OK)
            return st;
        latest = s->end;
    }
    if (latest > 0 && window - latest > RESUME_AFTER)
        *resume = latest;
    return STATUS_OK;
}

static enum status transcribe_piece(struct job *j, const struct piece *p, struct error *err)
{
    double offset = 0, resume = 0;
    enum status st = STATUS_OK;

    for (int i = 0; st == STATUS_OK && i < WINDOWS_MAX && resume >= 0; i++) {
        const size_t from = (size_t)(offset * RATE);
        struct whisper_result r;
        st = decode_window(j, p->pcm + from, p->n - from, &r, err);
        if (st == STATUS_OK)
            st = take_window(j, p, offset, (double)(p->n - from) / RATE, &r, &resume, err);
        j->decode.n_likely = 0; /* it was of the beginning */
        offset += resume > 0 ? resume : 0;
    }
    return st;
}

static enum status finish(struct job *j, size_t n, struct transcript **ret, struct error *err)
{
    const struct whisper_model *m = j->w->model;
    struct transcript *t = arena_new_of(j->out, struct transcript);
    const char *asked = j->options->language == NULL ? "" : j->options->language;
    const char *language = asked[0] != '\0'    ? asked
                           : !m->multilingual  ? "en"
                           : j->n_windows == 0 ? ""
                                               : m->languages[j->decode.language].code;
    if (!buf_ok(&j->text))
        return error_set(err, STATUS_TOO_LARGE, "transcript_too_long", NULL, "the transcript is longer than it may be");
    char *text = arena_strdup(j->out, buf_cstr(&j->text)), *code = arena_strdup(j->out, language);
    char *sounds_like = arena_strdup(j->out, j->sounds_like != NULL ? j->sounds_like : "");
    if (t == NULL || text == NULL || code == NULL || sounds_like == NULL)
        return arena_exhausted(err);
    *t = (struct transcript){
        .language = code,
        .language_probability = j->n_windows == 0 ? 0 : j->language_probability,
        .sounds_like = sounds_like,
        .sounds_like_probability = j->sounds_like_probability,
        .duration = (double)n / RATE,
        .text = text,
        .segments = j->segments,
        .n_segments = j->n_segments,
        .words = j->words,
        .n_words = j->n_words,
        .avg_logprob = j->n_tokens == 0 ? 0 : j->sum_logprob / (double)j->n_tokens,
        .no_speech = j->n_windows == 0 ? 1 : j->sum_no_speech / (double)j->n_windows,
        .ending = j->ending,
        .confidence = j->n_right == 0 ? 0 : j->sum_right / (double)j->n_right,
    };
    *ret = t;
    return STATUS_OK;
}

/* As tokens, as they stand in a text: the first word after a space too. */
static enum status foresee(struct job *j, struct error *err)
{
    if (j->options->likely == NULL || j->options->likely[0] == '\0')
        return STATUS_OK;
    const char *text = arena_printf(j->scratch, " %s", j->options->likely);
    if (text == NULL)
        return arena_exhausted(err);
    j->decode.likely = j->likely;
    j->decode.n_likely = whisper_tokenize(j->w->model, text, j->likely, WHISPER_LIKELY_MAX);
    return STATUS_OK;
}

static enum status run(struct job *j, const float *pcm, size_t n, struct transcript **ret, struct error *err)
{
    struct piece *pieces = NULL;
    size_t count = 0;
    const bool whole = j->options->already_gated && n <= (size_t)PIECE_SECONDS_MAX * RATE;

    j->window = arena_array(j->scratch, WINDOW_MAX, sizeof *j->window);
    if (j->window == NULL)
        return arena_exhausted(err);
    if (j->options->prompt != NULL && j->options->prompt[0] != '\0') {
        j->decode.prompt = j->prompt;
        j->decode.n_prompt = whisper_tokenize(j->w->model, j->options->prompt, j->prompt, WHISPER_PROMPT_MAX);
    }
    enum status st = foresee(j, err);
    if (st != STATUS_OK)
        return st;
    st = whole ? pieces_whole(pcm, n, j->scratch, &pieces, &count, err)
               : pieces_cut(j->w->vad, pcm, n, j->scratch, &pieces, &count, err);
    if (st == STATUS_OK)
        st = choose_language(j, pieces, count, err);
    for (size_t i = 0; st == STATUS_OK && i < count; i++)
        st = transcribe_piece(j, &pieces[i], err);
    return st == STATUS_OK ? finish(j, n, ret, err) : st;
}

static enum status whisper_transcribe(void *model, const float *pcm, size_t n, const struct stt_options *o,
                                      struct arena *a, struct transcript **ret, struct error *err)
{
    struct job j = {.w = model, .options = o, .out = a};

    j.scratch = arena_new(n * 2 * sizeof *pcm + SCRATCH_SLACK);
    if (j.scratch == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for the transcription");
    buf_init(&j.text, TEXT_MAX);
    enum status st = run(&j, pcm, n, ret, err);
    whisper_state_clear(&j.state);
    buf_free(&j.text);
    arena_free(j.scratch);
    return st;
}

const struct stt_backend stt_whisper = {
    .version = STT_BACKEND_VERSION,
    .name = "whisper",
    .open = whisper_open,
    .close = whisper_close,
    .describe = whisper_describe,
    .transcribe = whisper_transcribe,
};
