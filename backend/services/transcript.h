#ifndef VIVA_SERVICES_TRANSCRIPT_H
#define VIVA_SERVICES_TRANSCRIPT_H
/* What was said in a session, as data, as plain text, and as WebVTT beside the recordings. */

#include "base/buf.h"
#include "models/transcript.h"
#include "services/actor.h"
#include "services/services.h"

enum status transcript_get(struct services *s, struct actor who, struct id session, struct arena *a,
                           struct session_transcript **ret, struct error *err) must_check;

/* Which recording the cues are for: their times are then the recording's own. A zero answer: the whole interview, times
 * from its beginning. */
struct transcript_part {
    struct id answer;
    int64_t segment;
};

/* WebVTT (W3C): a cue per piece that was said, with its speaker as voice; in order of time. Questions stand in
 * comments. What was typed is in no recording, and in no cue. STATUS_NOT_FOUND without such a recording. */
enum status transcript_vtt(struct services *s, struct actor who, struct id session, const struct transcript_part *part,
                           struct arena *a, struct buf *out, struct error *err) must_check;

/* Of what was read already. */
enum status transcript_of_session(struct services *s, struct id session, struct arena *a,
                                  struct session_transcript **ret, struct error *err) must_check;
void transcript_write_text(struct buf *out, const struct session_transcript *t);

#endif
