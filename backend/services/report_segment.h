#ifndef VIVA_SERVICES_REPORT_SEGMENT_H
#define VIVA_SERVICES_REPORT_SEGMENT_H
/* A transcript as what can be evidence: its sentences (long ones in parts), and windows of one to three neighbours,
 * with the times of the utterances they come from; of what was spoken and of what was typed, never of both together,
 * nor across a follow-up question. */

#include "models/session.h"

#include "services/report_text.h"
#include "services/report_times.h"

#define SEGMENT_WINDOW 3
#define SEGMENT_MAX    1200 /* sentences of one answer that are looked at; of a longer one, those with a point's words */

/* Where text comes from: one utterance, or what was typed (typed: no times). */
struct source {
    const char *text;
    bool typed;
    struct spoken_words words; /* none when typed */
    const struct stems
        *asked; /* of the follow-up questions, of which it answers the last; NULL: it answers the question itself */
};

/* A sentence of a source, or a part of one that is long. */
struct piece {
    const struct source *source;
    size_t at, len;
    const char *quote;       /* verbatim */
    bool apart;              /* a list stands before it: no window reaches across */
    double start_ms, end_ms; /* NAN when typed */
    struct stems stems;
    const float *vector; /* NULL until the judge asks for it */
    bool kept;           /* false: no evidence, and no part of any (the judge sets it) */
    bool beside;         /* not kept, yet not far off: what stands around the evidence (the judge sets it) */
};

struct pieces {
    struct piece *items;
    size_t count;
    bool english; /* the question is: only then are its words without content known */
    bool listed;  /* there was a list of words (text_find_list), which is in no piece: it says nothing about them */
};

/* A stretch of the transcript that can be quoted: neighbouring pieces that are kept. */
struct window {
    const char *quote;
    double start_ms, end_ms;
    size_t n_pieces;
    struct stems stems;
    double weight; /* 1: sentences; less: a list of words without grammar */
    const float *vector;
};

struct windows {
    struct window *items;
    size_t count;
};

/* wanted: stems that make a piece worth looking at when there are more than SEGMENT_MAX. */
enum status segment_pieces(const struct answer *x, const struct stems *wanted, struct arena *a, struct pieces *ret,
                           struct error *err) must_check;
/* 1: sentences; less: a list of words without grammar. */
double segment_weight(const char *quote, bool english);
/* Windows of up to SEGMENT_WINDOW kept pieces, the shorter first. */
enum status segment_windows(const struct pieces *p, struct arena *a, struct windows *ret, struct error *err) must_check;

#endif
