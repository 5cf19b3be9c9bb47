#ifndef VIVA_LIVE_SECOND_PASS_H
#define VIVA_LIVE_SECOND_PASS_H
/* What was said in pieces is recognised once more as a whole, in the background and for the transcript alone: the few
 * words between two pauses are harder by themselves than in their sentence. A stretch is consecutive pieces of one
 * answer with the silence between them. Where the recogniser believes the whole more than it believed the pieces, each
 * piece gets its words of it. No threads and no clock of its own. One owner at a time. */

#include "base/id.h"
#include "live/listener.h"

#define SECOND_PASS_MS     27000 /* of a stretch: one window of the recogniser (providers/stt/pieces.h) */
#define SECOND_PASS_GAP_MS 4000  /* a longer silence begins another */
#define SECOND_PASS_PARTS  16

/* A piece as it was stored. */
struct second_pass_part {
    struct id utterance;
    int64_t start_ms, end_ms; /* of its speech, on the listener's clock */
    char *text;               /* what was made out of it; after second_pass_run that found better: what is now */
    struct heard heard;       /* likewise */
};

struct second_pass_stretch {
    int16_t *pcm; /* 16 kHz mono */
    size_t n, room;
    int64_t from_ms; /* of the first sample */
    struct second_pass_part parts[SECOND_PASS_PARTS];
    size_t n_parts;
};

/* Takes NULL, returns NULL. */
struct second_pass_stretch *second_pass_free(struct second_pass_stretch *s);
/* The piece follows those of *open (NULL: it is the first), or begins a new stretch, which is *open then. Returns the
 * stretch that is complete by it and worth another try, the caller's; NULL: there is none. What there is no memory for
 * stays as it was heard. */
struct second_pass_stretch *second_pass_add(struct second_pass_stretch **open, const struct piece *p,
                                            struct id utterance);
/* Nothing follows. Likewise. */
struct second_pass_stretch *second_pass_end(struct second_pass_stretch **open);
/* Blocks for the length of the inference; any thread. language: as in listening_job_run. *better: the parts have other
 * words now; else they are as they were. */
enum status second_pass_run(struct second_pass_stretch *s, const struct engines *engines, const char *language,
                            bool *better, struct error *err) must_check;

#endif
