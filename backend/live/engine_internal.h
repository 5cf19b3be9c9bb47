#ifndef VIVA_LIVE_ENGINE_INTERNAL_H
#define VIVA_LIVE_ENGINE_INTERNAL_H
/* What engine.c (the course of the conversation), engine_answer.c (hearing an answer and when it is over),
 * engine_barge.c (hearing the client while the interviewer has the turn), engine_follow.c (follow-ups) and
 * engine_wish.c (the candidate's wishes and the clocks) share. */

#include "live/engine.h"

/* A sentence under way at the time limit may be finished; whoever has not come to its end by then is stopped at the
 * next gap between two words, and at the latest here (a radio that talks in the room has no gaps). */
#define ENGINE_LIMIT_GRACE_MS 10000
#define ENGINE_LIMIT_LAST_MS  15000

struct run {
    struct engine *e;
    struct engine_actions *out;
};

struct engine_action *engine_act(struct run *r, enum engine_action_type type);
void engine_speak(struct run *r, enum engine_line line);
void engine_hush(struct run *r);
void engine_store(struct run *r, enum engine_op op);
void engine_listen(struct run *r, bool resumed);
void engine_listen_anew(struct run *r, bool resumed); /* nothing said before decides when the answer is over */
void engine_close_answer(struct run *r, enum engine_end end);
void engine_open_answer(struct run *r, int64_t since_ms);
void engine_repeat(struct run *r);
void engine_say_question(struct run *r, enum engine_line line); /* while listening: again, then listens on */
void engine_ask(struct run *r, enum engine_line line);          /* says it as, or before, a question */
void engine_leave(struct run *r);                               /* the client takes no part any more */
void engine_attend(struct run *r);                              /* it does from here on */

/* ---- engine_wish.c ---- */
void engine_wish(struct run *r, const struct engine_event *ev);
bool engine_skips(struct run *r); /* an answer that has just been opened: true when it ends at once */
int64_t engine_time_at(const struct engine_config *c, int64_t limit_ms, int64_t elapsed_ms);
void engine_time_runs(struct run *r);
void engine_time_stops(struct engine *e);
void engine_enough_thought(struct run *r);
void engine_halted_client(struct run *r); /* somebody comes back into a pause */
void engine_wish_settle(struct run *r);
int64_t engine_wish_deadline(const struct engine *e);

/* ---- engine_follow.c ---- */
/* What comes when the pieces of a closing answer are stored: OP_CHOOSE, or OP_END. */
enum engine_op engine_closing_op(const struct engine *e);
void engine_chosen(struct run *r, bool follow_up);
void engine_choose_none(struct run *r); /* the answer goes on: nobody waits for the choice any more, nor tries again */
void engine_follow_up_asked(struct run *r); /* its answer begins; to be stored first */
void engine_follow_up_stored(struct run *r);
void engine_follow_settle(struct run *r);
void engine_follow_up_dropped(struct engine *e); /* the candidate goes on, or will not have it */

/* ---- engine_barge.c ---- */
void engine_overhear(struct run *r);                                 /* from here on, until an answer is listened to */
void engine_voice(struct run *r, const struct engine_event *ev);     /* EV_VOICE, EV_VOICE_GONE */
void engine_overheard(struct run *r, const struct engine_event *ev); /* what else is heard */
/* The transcript of a piece that belongs to no answer yet: true when that is all that is to be done about it. */
bool engine_overheard_text(struct run *r, const struct engine_event *ev);
void engine_barge_settle(struct run *r);
void engine_yield(struct run *r);          /* a new utterance waits for a voice that is there already */
void engine_barge_adopt(struct engine *e); /* what was overheard is the open answer's */
int64_t engine_barge_deadline(const struct engine *e);

/* ---- engine_answer.c ---- */
bool engine_can_hear(const struct engine *e);
int64_t engine_silent_ms(const struct engine *e);
void engine_microphone(struct engine *e, bool microphone, bool muted);
void engine_heard(struct run *r, const struct engine_event *ev);
void engine_transcript(struct run *r, const struct engine_event *ev);
void engine_piece_stored(struct engine *e);
void engine_piece_over(struct engine *e);
void engine_tail_append(char tail[ENGINE_TAIL], const char *text);
void engine_endpoint(struct run *r);
void engine_time_limit(struct run *r);
int64_t engine_limit_deadline(const struct engine *e);

#endif
