#ifndef VIVA_PROVIDERS_STT_PIECES_H
#define VIVA_PROVIDERS_STT_PIECES_H
/* Cuts sound of any length into pieces of speech that a recogniser with a bounded window can take, long silences left
 * out. */

#include "providers/provider.h"

#define PIECE_SECONDS_MAX 28

/* A stretch of the sound, in samples: where it is in the sound, and where in its piece. */
struct piece_chunk {
    size_t from, n, at;
};

struct piece {
    const float *pcm; /* the chunks one after the other; points into the sound when there is only one */
    size_t n;
    const struct piece_chunk *chunks;
    size_t n_chunks;
};

/* Speech found by v; *n is 0 when there is none. Everything lives in a; pcm must outlive the pieces. */
enum status pieces_cut(struct vad *v, const float *pcm, size_t n, struct arena *a, struct piece **ret, size_t *ret_n,
                       struct error *err) must_check;

/* The whole sound as one piece, for callers who have gated it already. n must fit PIECE_SECONDS_MAX. */
enum status pieces_whole(const float *pcm, size_t n, struct arena *a, struct piece **ret, size_t *ret_n,
                         struct error *err) must_check;

/* Seconds in a piece -> seconds in the sound. `end`: the time ends something, so that a time on the seam of two chunks
 * belongs to the first of them. */
double piece_time(const struct piece *p, double seconds, bool end);

#endif
