#ifndef VIVA_TESTS_STAGE_H
#define VIVA_TESTS_STAGE_H
/* Services over a migrated database file, a storage directory and a clock that the test moves; with makers for what a
 * test needs before it begins. stage_reopen() is a crash between two calls: another connection, nothing else kept. */

#include "unit/db/temp_db.h"

#include "base/cleanup.h"
#include "db/migrate.h"
#include "repositories/interview_repository.h"
#include "repositories/job_repository.h"
#include "repositories/login_repository.h"
#include "repositories/recording_repository.h"
#include "repositories/session_repository.h"
#include "repositories/user_repository.h"
#include "services/auth.h"
#include "services/candidacy.h"
#include "services/conduct.h"
#include "services/interview.h"
#include "services/recording.h"
#include "services/storage.h"
#include "utils/sha256.h"

#include <fcntl.h>
#include <math.h>
#include <sys/mman.h>

#define T0     INT64_C(1700000000000)
#define MINUTE INT64_C(60000)

static struct clock_fake fake;
static struct clock stage_clock;
static struct service_settings settings;
static struct engines engines; /* sentence vectors only: "viva check" would complain */
static struct services stage;
static struct services *const s = &stage;
static struct arena *arena;

/* The same services over a connection of its own. */
static inline struct services second_connection(void)
{
    struct services other = stage;
    other.db = temp_open("stage.db");
    return other;
}

/* Services for a thread of their own, as job runners want them made and taken back; u: STAGE_CLOCK of theirs. */
#define STAGE_CLOCK(c) ((void *)(uintptr_t) & (c))
static inline void *stage_connect(void *u)
{
    struct services *own = calloc(1, sizeof *own);
    struct error err = {0};
    *own = stage;
    own->clock = u;
    if (db_open(temp_url("stage.db"), false, &own->db, &err) != STATUS_OK)
        abort();
    return own;
}

static inline void stage_disconnect(void *services)
{
    struct services *own = services;
    db_close(own->db);
    free(own);
}

static inline void stage_reopen(void)
{
    stage.db = db_close(stage.db);
    stage.db = temp_open("stage.db");
    if (!temp_mysql())
        ok(db_exec(stage.db, "PRAGMA synchronous = OFF", &err)); /* nothing here outlives the process */
}

static inline int stage_open(void **state)
{
    (void)state;
    static const char secret[] = "a secret of thirty-two characters";
    temp_make();
    fake = (struct clock_fake){.unix_ms = T0, .mono_ms = 1000};
    stage_clock = clock_fake_make(&fake);
    settings = (struct service_settings){
        .public_url = "https://viva.example.org/",
        .access_ttl_s = 900,
        .refresh_ttl_s = 14 * 86400,
        .media_ttl_s = 7200,
        .chunk_max_bytes = 4u << 20,
        .answer_max_bytes = 64u << 20,
        .resume_max_bytes = 1u << 20,
        .password_cost = password_cost_for_tests,
    };
    stage = (struct services){.settings = &settings, .clock = &stage_clock, .engines = &engines};
    stage.db = temp_open_migrated("stage.db");
    stage.keys = token_keys_new(secret, strlen(secret));
    assert_non_null(stage.keys);
    ok(storage_new(temp_path("media"), &stage.storage, &err));
    ok(embed_new("fake", &(struct provider_config){.models_dir = "/nonexistent"}, &engines.embed, &err));
    arena = arena_new(256u << 20);
    assert_non_null(arena);
    return 0;
}

static inline int stage_close(void **state)
{
    (void)state;
    assert_int_equal(temp_dangling(s->db), 0);
    stage.db = db_close(stage.db);
    stage.keys = token_keys_free((struct token_keys *)(uintptr_t)stage.keys);
    stage.storage = storage_free(stage.storage);
    engines.embed = embed_free(engines.embed);
    arena = arena_free(arena);
    temp_remove();
    return 0;
}

#define TEST(f)  cmocka_unit_test_setup_teardown(f, stage_open, stage_close)
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* As `fails`, and the field too. */
#define fails_at(call, status_, code_, field_)                                                                         \
    do {                                                                                                               \
        struct error err = {0};                                                                                        \
        enum status st_ = (call);                                                                                      \
        if (st_ != (status_) || strcmp(err.code, (code_)) != 0 || strcmp(err.field, (field_)) != 0)                    \
            fail_msg("%s: %s %s (%s) %s", #call, status_name(st_), err.code, err.field, err.message);                  \
    } while (0)

/* Logged in, for good. */
static inline struct actor recruiter_make(const char *email)
{
    const struct user in = {.id = id_new(),
                            .email = email,
                            .full_name = "Ada Example",
                            .password_hash = "none",
                            .role = ROLE_RECRUITER,
                            .is_active = true,
                            .created_at = T0,
                            .updated_at = T0};
    const struct login_session l = {.id = id_new(),
                                    .user_id = in.id,
                                    .user_agent = "",
                                    .address = "",
                                    .created_at = T0,
                                    .last_used_at = T0,
                                    .expires_at = INT64_MAX};
    ok(user_insert(s->db, &in, &err));
    ok(login_insert(s->db, &l, &err));
    return (struct actor){.user_id = in.id, .login_id = l.id};
}

static inline struct interview_input interview_input_make(const char *title)
{
    struct interview_input in = {
        .title = title,
        .job_role = "Field engineer",
        .interview_type = INTERVIEW_MIXED,
        .difficulty = DIFFICULTY_MID,
        .question_count = 3,
    };
    static const char *const given[] = {"title",       "job_role",       "interview_type", "difficulty",
                                        "focus_areas", "question_count", "follow_ups"};
    for (size_t i = 0; i < COUNT(given); i++)
        in.presence.given |= 1ull << (model_field(&interview_create_model, given[i]) - interview_create_model.fields);
    return in;
}

static inline struct interview_ref any_version(struct id interview)
{
    return (struct interview_ref){interview, 0};
}

/* An open interview with n questions: "Question 1?" with two points, and so on. */
static inline struct interview *interview_make(struct actor who, size_t n)
{
    static const char *points[] = {"names a tool", "says how it ended"};
    const struct interview_input in = interview_input_make("Engineer, first round");
    struct interview *i = NULL;
    ok(interview_service_create(s, who, &in, arena, &i, &err));
    struct question_input *q = arena_array(arena, n + 1, sizeof *q);
    for (size_t k = 0; k < n; k++)
        q[k] = (struct question_input){.text = arena_printf(arena, "Question %zu?", k + 1),
                                       .category = CATEGORY_TECHNICAL,
                                       .points = {points, 2},
                                       .time_limit_s = 120};
    ok(interview_service_set_questions(s, who, any_version(i->id), q, n, arena, &i, &err));
    if (n)
        ok(interview_service_set_status(s, who, any_version(i->id), INTERVIEW_OPEN, arena, &i, &err));
    return i;
}

static inline struct candidate_register registration(const char *email)
{
    return (struct candidate_register){
        .full_name = "Sam Example", .email = email, .consent_recording = true, .consent_ai = true};
}

static inline struct register_result *candidate_make(const struct interview *i, const char *email)
{
    const struct candidate_register in = registration(email);
    struct register_result *r = NULL;
    ok(candidacy_register(s, i->link, &in, arena, &r, &err));
    return r;
}

/* A session in progress whose first answer is open. */
static inline struct id session_started(const struct interview *i, const char *email, struct id *answer)
{
    struct register_result *r = candidate_make(i, email);
    int64_t started_at = 0;
    ok(conduct_begin(s, r->session_id, &err));
    ok(conduct_open_answer(s, r->session_id, 1, 0, answer, &started_at, &err));
    return r->session_id;
}

/* Typed answers from the first to the last question; the session is then completed. */
static inline void answer_everything(struct id session, const char *text)
{
    struct session_state *state = NULL;
    ok(candidacy_start(s, session, arena, &state, &err));
    while (state->status == SESSION_IN_PROGRESS) {
        const struct answer_state *x = state->answers.items;
        ok(candidacy_text_answer(s, session, x[state->answers.count - 1].id, -1, text, arena, &state, &err));
    }
}

static inline struct session *session_of(struct id id)
{
    struct session *x = NULL;
    ok(session_find(s->db, id, arena, &x, &err));
    return x;
}

static inline struct answer *answer_of(struct id id)
{
    struct answer *x = NULL;
    ok(answer_find(s->db, id, arena, &x, &err));
    return x;
}

static inline struct recording_segment *segment_of(struct id answer, int64_t segment)
{
    struct recording_segment *x = NULL;
    ok(segment_find_at(s->db, answer, segment, arena, &x, &err));
    return x;
}

static inline int64_t jobs_of(const char *kind, const char *state)
{
    return one_int(s->db,
                   arena_printf(arena, "SELECT COUNT(*) FROM jobs WHERE kind = '%s' AND state = '%s'", kind, state));
}

/* Bytes in a file of their own, as the HTTP layer brings an upload. */
struct bytes {
    int fd;
    uint64_t size;
    char sha256[SHA256_HEX_SIZE];
};

static inline struct bytes bytes_of(const void *data, size_t n)
{
    struct bytes b = {.fd = memfd_create("upload", MFD_CLOEXEC), .size = n};
    uint8_t digest[SHA256_SIZE];
    assert_true(b.fd >= 0);
    for (size_t at = 0; at < n;) {
        ssize_t k = write(b.fd, (const char *)data + at, n - at);
        assert_true(k > 0);
        at += (size_t)k;
    }
    sha256_bytes(data, n, digest);
    sha256_hex(digest, b.sha256);
    return b;
}

static inline enum status put_fd(const char *key, int fd, struct error *err)
{
    cleanup(storage_staged_discard) struct storage_staged staged = STORAGE_STAGED_INIT;
    enum status st = storage_stage_fd(s->storage, key, fd, &staged, err);
    return st == STATUS_OK ? storage_publish(&staged, err) : st;
}

static inline enum status put_bytes(struct services *on, const struct segment_ref *ref, int64_t seq, const void *data,
                                    size_t n, struct segment_state **ret, struct error *err)
{
    struct bytes b = bytes_of(data, n);
    const struct chunk_upload up = {seq, b.sha256, b.sha256, b.fd, b.size};
    enum status st = recording_chunk(on, ref, &up, arena, ret, err);
    close(b.fd);
    return st;
}

static inline void open_segment(const struct segment_ref *ref, const char *media_type)
{
    struct segment_state *state = NULL;
    ok(recording_open(s, ref, media_type, 0, arena, &state, &err));
    assert_int_equal(state->next_seq, 0);
}

/* Whether storage has something under the key. */
static inline bool stored(const char *key)
{
    char path[STORAGE_PATH_MAX];
    ok(storage_path(s->storage, key, path, &err));
    return file_exists(path);
}

static inline bool session_has_files(struct id session)
{
    char id[ID_TEXT_SIZE];
    id_format(session, id);
    return stored(arena_printf(arena, "sessions/%s", id));
}

#endif
