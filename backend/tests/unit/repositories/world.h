#ifndef VIVA_TESTS_WORLD_H
#define VIVA_TESTS_WORLD_H
/* A migrated database with a recruiter, an interview of three questions, and makers for more. Every statement that is
 * compiled on it is noted; world_close() asks the engine how it would run each, and fails on a full scan of a table
 * that grows (plans.h). */

#include "unit/db/temp_db.h"

#include "repositories/candidate_repository.h"
#include "repositories/interview_repository.h"
#include "repositories/session_repository.h"
#include "repositories/user_repository.h"

#define T0        INT64_C(1700000000000)
#define MAX_STMTS 200

static struct db *db;
static struct arena *arena;
static struct user *owner;
static struct interview *interview;
static struct list questions; /* struct question */

static char *noted[MAX_STMTS];
static size_t n_noted;

/* Scans that are meant, all the administrator's: totals of everything; a list of everything, newest first, which walks
 * the index and stops after its page; and a search for words within text, for which there is no index. */
static const char *const scans_meant[] = {
    "SELECT COUNT(*) FROM users",
    "SELECT COUNT(*) FROM interview_configs i",
    "SELECT COUNT(*) FROM interview_sessions s WHERE s.preview = 0",
    "FROM users  ORDER BY id LIMIT ? OFFSET ?",
    "FROM users  ORDER BY id DESC LIMIT ? OFFSET ?",
    "FROM users  ORDER BY full_name, id LIMIT ? OFFSET ?",
    "FROM users  ORDER BY full_name DESC, id DESC LIMIT ? OFFSET ?",
    "FROM users  ORDER BY email, id LIMIT ? OFFSET ?",
    "FROM users  ORDER BY email DESC, id DESC LIMIT ? OFFSET ?",
    "FROM users  ORDER BY last_login_at, id LIMIT ? OFFSET ?",
    "FROM users  ORDER BY last_login_at DESC, id DESC LIMIT ? OFFSET ?",
    "FROM interview_configs i  ORDER BY i.id DESC LIMIT ? OFFSET ?",
    "FROM interview_configs i  ORDER BY i.id LIMIT ? OFFSET ?",
    "FROM interview_configs i  ORDER BY i.updated_at DESC, i.id DESC LIMIT ? OFFSET ?",
    "FROM interview_configs i  ORDER BY i.updated_at, i.id LIMIT ? OFFSET ?",
    "FROM interview_configs i  ORDER BY i.title COLLATE NOCASE DESC, i.id DESC LIMIT ? OFFSET ?",
    "FROM interview_configs i  ORDER BY i.title COLLATE NOCASE, i.id LIMIT ? OFFSET ?",
    "FROM interview_configs i  ORDER BY i.status DESC, i.id DESC LIMIT ? OFFSET ?",
    "FROM interview_configs i  ORDER BY i.status, i.id LIMIT ? OFFSET ?",
    "LEFT JOIN reports r ON r.session_id = s.id WHERE s.preview = 0 ORDER BY s.id DESC LIMIT ? OFFSET ?",
    "WHERE s.preview = 0 ORDER BY r.overall_score DESC, s.id DESC LIMIT ? OFFSET ?", /* sorted by the table beside */
    "WHERE s.preview = 0 ORDER BY c.full_name, s.id LIMIT ? OFFSET ?",
    "WHERE s.preview = 0 AND r.id IS NULL", /* what has no report is in no index of reports */
    "s ON s.candidate_id = c.id WHERE s.preview = 0",
    "WHERE s.preview = 0 AND m.candidate_id IS NULL",
    "WHERE s.preview = 0 AND m.candidate_id IS NOT NULL",
    "JOIN users u ON u.id = i.owner_id ORDER BY i.id DESC LIMIT ? OFFSET ?",
    "JOIN users u ON u.id = i.owner_id ORDER BY i.title ASC, i.id ASC LIMIT ? OFFSET ?", /* sorted, few as they are */
    "SELECT COUNT(*) FROM audit_log e",
    "LEFT JOIN users u ON u.id = e.actor_id ORDER BY e.at DESC, e.id DESC LIMIT ? OFFSET ?",
    "SELECT COUNT(*) FROM jobs ",
    "FROM jobs ORDER BY id DESC LIMIT ? OFFSET ?",
    "FROM settings ORDER BY name LIMIT 64",
    "FROM users GROUP BY role, is_active",
    "SELECT COUNT(*), COALESCE(SUM(bytes), 0) FROM recording_segments",
    "SELECT COUNT(*), COALESCE(SUM(bytes), 0) FROM resumes",
    "FROM pragma_page_count(), pragma_page_size()",
    "FROM jobs GROUP BY kind, state ORDER BY kind, state",
};

#include "unit/repositories/plans.h"

static bool quiet; /* a statement of the test's own */

static inline void note(void *u, struct db *d, const char *sql)
{
    (void)u;
    (void)d;
    if (quiet)
        return;
    assert_true(n_noted < MAX_STMTS);
    noted[n_noted++] = strdup(sql);
}

/* one_int() of the test's own: its plan does not matter. */
static inline int64_t peek(const char *sql)
{
    bool before = quiet;
    quiet = true;
    int64_t v = one_int(db, sql);
    quiet = before;
    return v;
}

static inline struct question_input question_make(const char *text, const char **points, size_t n)
{
    return (struct question_input){
        .text = text, .category = CATEGORY_TECHNICAL, .points = {points, n}, .time_limit_s = 120};
}

static inline struct user *user_make(const char *email, enum role role)
{
    struct user *u = NULL;
    const struct user in = {.id = id_new(),
                            .email = email,
                            .full_name = "Ada Example",
                            .password_hash = "hash",
                            .role = (int)role,
                            .is_active = true,
                            .created_at = T0,
                            .updated_at = T0};
    ok(user_insert(db, &in, &err));
    ok(user_find(db, in.id, arena, &u, &err));
    return u;
}

static inline struct interview *interview_make(struct id owner_id, const char *title, enum interview_status status)
{
    struct interview *i = NULL;
    char link[INTERVIEW_LINK_SIZE];
    interview_link_make(link);
    const struct interview in = {.id = id_new(),
                                 .owner_id = owner_id,
                                 .title = title,
                                 .job_role = "Engineer",
                                 .job_description = "Builds\nthings.",
                                 .organisation = "Example Ltd",
                                 .interview_type = INTERVIEW_MIXED,
                                 .difficulty = DIFFICULTY_SENIOR,
                                 .focus_areas = 1 | 1 << 3,
                                 .question_count = 3,
                                 .avatar = AVATAR_AMARA,
                                 .status = (int)status,
                                 .link = link,
                                 .created_at = T0,
                                 .updated_at = T0};
    ok(interview_insert(db, &in, &err));
    ok(interview_find(db, in.id, arena, &i, &err));
    return i;
}

/* A candidate with a session; the token is made of one byte. */
static inline struct session *session_make(struct id interview_id, const char *email, uint8_t token)
{
    struct candidate *c = NULL;
    struct session *s = NULL;
    bool created = false;
    uint8_t hash[32];
    memset(hash, token, sizeof hash);
    const struct candidate in = {.id = id_new(),
                                 .interview_id = interview_id,
                                 .full_name = "Sam Example",
                                 .email = email,
                                 .consent_recording_at = T0,
                                 .consent_ai_at = T0,
                                 .created_at = T0,
                                 .updated_at = T0};
    ok(candidate_register(db, &in, arena, &c, &created, &err));
    assert_true(created);
    const struct session row = {.id = id_new(),
                                .interview_id = interview_id,
                                .candidate_id = c->id,
                                .status = SESSION_REGISTERED,
                                .created_at = T0,
                                .updated_at = T0};
    ok(session_insert(db, &row, hash, &err));
    ok(session_find(db, row.id, arena, &s, &err));
    return s;
}

static inline int world_open(void **state)
{
    (void)state;
    const char *points[] = {"names a tool", "says how it ended"};
    const struct question_input q[] = {question_make("First?", points, 2), question_make("Second?", points, 1),
                                       question_make("Third?", NULL, 0)};
    temp_make();
    quiet = false;
    db = temp_open_migrated("world.db");
    arena = arena_new(64u << 20);
    assert_non_null(arena);
    db_on_prepare(db, note, NULL);
    owner = user_make("ada@example.org", ROLE_RECRUITER);
    interview = interview_make(owner->id, "Backend engineer", INTERVIEW_OPEN);
    ok(question_replace(db, interview->id, q, 3, &err));
    ok(question_list(db, interview->id, arena, &questions, &err));
    return 0;
}

static inline int world_close(void **state)
{
    (void)state;
    db_on_prepare(db, NULL, NULL);
    while (n_noted > 0) {
        cleanup(freep) char *sql = noted[--n_noted];
        plan_check(db, sql);
    }
    assert_int_equal(temp_dangling(db), 0);
    db = db_close(db);
    arena = arena_free(arena);
    temp_remove();
    return 0;
}

static inline const struct question *question_at(size_t i)
{
    return (const struct question *)questions.items + i;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_open, world_close)

#endif
