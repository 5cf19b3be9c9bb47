#ifndef VIVA_REPOSITORIES_SESSION_REPOSITORY_H
#define VIVA_REPOSITORIES_SESSION_REPOSITORY_H
/* Sessions, their answers and utterances. What a session may become is decided in the SQL of each change, so that two
 * connections cannot disagree. */

#include "models/interview.h"
#include "models/report.h"
#include "models/session.h"
#include "repositories/repository.h"

/* The order of session_sort_choices. */
enum session_sort { SESSION_BY_CREATED, SESSION_BY_STARTED, SESSION_BY_COMPLETED, SESSION_BY_SCORE, SESSION_BY_NAME };
extern const struct choice session_sort_choices[];

struct session_filter {
    struct id reader_id;         /* only what this user owns or has shared; zero: everybody's */
    struct id interview_id;      /* zero: any */
    struct id candidate_id;      /* zero: any */
    int status;                  /* enum session_status; -1: any */
    int report;                  /* enum session_report; -1: any */
    int64_t from, to;            /* registered at from or later, before to; 0: any time */
    double score_min, score_max; /* of the report, both included; 0: any, also none */
    struct sort sort;            /* by enum session_sort */
};
#define SESSION_FILTER_ANY                                                                                             \
    {                                                                                                                  \
        .status = -1, .report = -1, .sort = { SESSION_BY_CREATED, true }                                               \
    }

/* STATUS_CONFLICT "unique_violation" (field candidate_id) when the candidate has one. */
enum status session_insert(struct db *db, const struct session *s, const uint8_t token_hash[32],
                           struct error *err) must_check;
enum status session_find(struct db *db, struct id id, struct arena *a, struct session **ret,
                         struct error *err) must_check;
enum status session_find_by_candidate(struct db *db, struct id candidate, struct arena *a, struct session **ret,
                                      struct error *err) must_check;
enum status session_find_by_token(struct db *db, const uint8_t token_hash[32], struct arena *a, struct session **ret,
                                  struct error *err) must_check;
enum status session_set_token(struct db *db, struct id id, const uint8_t token_hash[32], int64_t now,
                              struct error *err) must_check;
/* A session has a token of its own: of the browser that registered, or of one that could show it. The token in use
 * becomes it by session_adopt_token; session_own_token: whether this is it; session_token_is_own: whether the token in
 * use is. */
enum status session_adopt_token(struct db *db, struct id id, struct error *err) must_check;
enum status session_own_token(struct db *db, struct id id, const uint8_t token_hash[32], bool *ret,
                              struct error *err) must_check;
enum status session_token_is_own(struct db *db, struct id id, bool *ret, struct error *err) must_check;
/* registered -> in_progress -> completed; registered or in_progress -> withdrawn; harmless when already there (times
 * stay). STATUS_CONFLICT "session_status" for anything else. */
enum status session_set_status(struct db *db, struct id id, enum session_status to, int64_t now,
                               struct error *err) must_check;
/* A completed session was not finished. */
enum status session_set_partial(struct db *db, struct id id, struct error *err) must_check;
enum status session_set_slower(struct db *db, struct id id, bool slower, struct error *err) must_check;
/* A pause begins at now: in progress, not paused, and paused for less than most_ms altogether; STATUS_CONFLICT
 * "no_pause" otherwise. */
enum status session_pause_from(struct db *db, struct id id, int64_t most_ms, int64_t now, struct error *err) must_check;
/* It ends after ms, which are added to the session's and to the open answer's. Inside the caller's transaction. */
enum status session_go_on(struct db *db, struct id id, int64_t ms, struct error *err) must_check;
/* Only forward, only in progress. STATUS_CONFLICT "session_position" otherwise. */
enum status session_set_position(struct db *db, struct id id, int64_t position, int64_t now,
                                 struct error *err) must_check;

/* Whose the session is. */
enum status session_owner(struct db *db, struct id id, struct id *owner, struct error *err) must_check;
/* Items are struct session_view without answers and report. One query, and one for the total. */
enum status session_list(struct db *db, const struct session_filter *f, struct paging p, struct arena *a,
                         struct page *ret, struct error *err) must_check;
/* With answers (each with utterances and recordings, media_url not set) and report: five queries whatever the size. */
enum status session_detail(struct db *db, struct id id, struct arena *a, struct session_view **ret,
                           struct error *err) must_check;
enum status session_count(struct db *db, const struct session_filter *f, int64_t *ret, struct error *err) must_check;

/* Answers. */
/* Opens the answer to q, copying its text, points and limit; mode none. STATUS_CONFLICT "answer_exists" when there is
 * one for the position, "answer_open" when another one is open, "session_status" when the session is not in progress.
 */
enum status answer_open(struct db *db, struct id session, const struct question *q, int64_t now, struct arena *a,
                        struct answer **ret, struct error *err) must_check;
enum status answer_find(struct db *db, struct id id, struct arena *a, struct answer **ret,
                        struct error *err) must_check;
enum status answer_find_at(struct db *db, struct id session, int64_t position, struct arena *a, struct answer **ret,
                           struct error *err) must_check;
/* In order of position; without utterances and recordings. Items are struct answer. */
enum status answer_list(struct db *db, struct id session, struct arena *a, struct list *ret,
                        struct error *err) must_check;
/* open -> ended. STATUS_CONFLICT "answer_ended" when it was. */
enum status answer_end(struct db *db, struct id id, enum answer_by mode, const char *text, int64_t now,
                       struct error *err) must_check;
/* Another text for one that has ended; nothing happens to one that is open. */
enum status answer_set_text(struct db *db, struct id id, const char *text, struct error *err) must_check;
/* ended -> open, without the text it ended with. Harmless when it is open. STATUS_CONFLICT when another one is open. */
enum status answer_reopen(struct db *db, struct id id, struct error *err) must_check;

/* An open answer becomes a skipped one; it still has to be ended. STATUS_CONFLICT "answer_ended". */
enum status answer_skip(struct db *db, struct id id, struct error *err) must_check;
/* More time for an open answer, up to most seconds altogether. STATUS_CONFLICT "no_more_time" or "answer_ended". */
enum status answer_extend(struct db *db, struct id id, int64_t seconds, int64_t most, struct error *err) must_check;

/* Appends to an open answer; seq and (when zero) id are given here. STATUS_CONFLICT "answer_ended". */
enum status utterance_insert(struct db *db, struct utterance *u, struct error *err) must_check;
enum status utterance_exists(struct db *db, struct id id, bool *ret, struct error *err) must_check;
/* Other words for what is there: text, words and confidence of u, found by its id and answer. STATUS_NOT_FOUND. */
enum status utterance_revise(struct db *db, const struct utterance *u, struct error *err) must_check;
enum status utterance_list(struct db *db, struct id answer, struct arena *a, struct list *ret,
                           struct error *err) must_check;
/* Rows as the table keeps them become utterances with the times they have. */
void utterance_times(struct list *rows);

#endif
