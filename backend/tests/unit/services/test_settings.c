/* Settings: defaults, versions, what is kept in the process; and that retention does what they say, by the day. */
#include "unit/services/stage.h"

#include "models/settings.h"
#include "providers/cache/cache.h"
#include "services/retention.h"
#include "services/settings.h"

#define DAY INT64_C(86400000)

static struct actor admin_make(void)
{
    struct actor who = recruiter_make("admin@example.org");
    who.is_admin = true;
    return who;
}

static struct settings *get(void)
{
    struct settings *x = NULL;
    ok(settings_get(s, arena, &x, &err));
    return x;
}

static struct settings from_json(const char *json)
{
    struct settings in = {0};
    ok(model_parse(&settings_update_model, PARSE_PATCH, json, strlen(json), arena, &in, &err));
    return in;
}

static struct settings *set(struct actor who, const char *json)
{
    const struct settings in = from_json(json);
    struct settings *x = NULL;
    ok(settings_update(s, who, &in, 0, arena, &x, &err));
    return x;
}

static void test_defaults_and_changes(void **state)
{
    (void)state;
    struct actor who = admin_make();
    struct settings *x = get();
    assert_string_equal(x->organisation_name, "");
    assert_null(x->support_email);
    assert_int_equal(x->audit_retention_days, 730);
    assert_int_equal(x->updated_at, 1);
    x = set(who, "{\"organisation_name\": \"Quoted \\\"Ltd\\\"\", \"support_email\": \"Jobs@Example.org\", "
                 "\"recording_retention_days\": 90, \"privacy_notice\": \"One\\nTwo\"}");
    assert_string_equal(x->organisation_name, "Quoted \"Ltd\"");
    assert_string_equal(x->support_email, "jobs@example.org");
    assert_string_equal(x->privacy_notice, "One\nTwo");
    assert_int_equal(x->recording_retention_days, 90);
    assert_int_equal(x->updated_at, T0);
    x = set(who, "{\"support_email\": null}"); /* the others stay; the same millisecond is a new version all the same */
    assert_null(x->support_email);
    assert_int_equal(x->recording_retention_days, 90);
    assert_int_equal(x->updated_at, T0 + 1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM settings"), 4);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log WHERE action = 'settings.update' AND details = "
                                    "'{\"fields\":[\"support_email\"]}'"),
                     1);
}

static void test_versions(void **state)
{
    (void)state;
    struct actor who = admin_make();
    int64_t version = set(who, "{\"organisation_name\": \"One\"}")->updated_at;
    const struct settings two = from_json("{\"organisation_name\": \"Two\"}");
    struct settings *x = NULL;
    ok(settings_update(s, who, &two, version, arena, &x, &err));
    fails(settings_update(s, who, &two, version, arena, &x, &err), STATUS_PRECONDITION, "changed_meanwhile");
    assert_string_equal(get()->organisation_name, "Two");
}

/* A value that this binary does not know any more is as if never set; the others act. */
static void test_foreign_values(void **state)
{
    (void)state;
    ok(db_exec(
        s->db,
        "INSERT INTO settings VALUES ('default_avatar', '\"gone\"', 5, NULL), ('of_a_later_version', '1', 6, NULL), "
        "('audit_retention_days', '31', 7, NULL)",
        &err));
    struct settings *x = get();
    assert_int_equal(x->default_avatar, AVATAR_DANIEL);
    assert_int_equal(x->audit_retention_days, 31);
    assert_int_equal(x->updated_at, 7);
}

/* What another replica stores is seen after SETTINGS_KEPT_MS, or at once when it says so. */
static void test_kept(void **state)
{
    (void)state;
    struct actor who = admin_make();
    stage.settings_store = settings_store_new();
    assert_non_null(stage.settings_store);
    get();
    struct services other = second_connection(); /* a replica: its own store, none in fact */
    other.settings_store = NULL;
    const struct settings in = from_json("{\"organisation_name\": \"Elsewhere\"}");
    struct settings *x = NULL;
    ok(settings_update(&other, who, &in, 0, arena, &x, &err));
    clock_fake_advance(&fake, SETTINGS_KEPT_MS - 1);
    assert_string_equal(get()->organisation_name, "");
    clock_fake_advance(&fake, 1);
    assert_string_equal(get()->organisation_name, "Elsewhere");
    const struct settings again = from_json("{\"organisation_name\": \"Again\"}");
    ok(settings_update(&other, who, &again, 0, arena, &x, &err));
    assert_string_equal(get()->organisation_name, "Elsewhere");
    settings_store_forget(stage.settings_store, "changed");
    assert_string_equal(get()->organisation_name, "Again");
    assert_string_equal(set(who, "{\"organisation_name\": \"Here\"}")->organisation_name, "Here");
    db_close(other.db);
    stage.settings_store = settings_store_free(stage.settings_store);
}

/* A change here reaches the other replica through the cache. */
static void test_change_is_told(void **state)
{
    (void)state;
    struct actor who = admin_make();
    static const uint8_t salt[32];
    const struct cache_options o = {.salt = salt, .clock = &stage_clock};
    struct services other = second_connection();
    ok(cache_new(&o, &stage.cache, &err));
    other.cache = stage.cache;
    other.settings_store = settings_store_new();
    ok(cache_subscribe(other.cache, SETTINGS_CHANNEL, settings_store_forget, other.settings_store, &err));
    struct settings *x = NULL;
    ok(settings_get(&other, arena, &x, &err));
    set(who, "{\"organisation_name\": \"Told\"}");
    ok(settings_get(&other, arena, &x, &err));
    assert_string_equal(x->organisation_name, "Told");
    stage.cache = cache_free(stage.cache);
    settings_store_free(other.settings_store);
    db_close(other.db);
}

/* ------------------------------------------------------------------------------------------------------------------
 * what they are for */

static void test_defaults_of_interviews(void **state)
{
    (void)state;
    struct actor who = admin_make();
    set(who, "{\"default_avatar\": \"amara\", \"default_time_limit_s\": 77, \"organisation_name\": \"Example Ltd\"}");
    struct interview_input in = interview_input_make("Engineer");
    struct interview *i = NULL;
    ok(interview_service_create(s, who, &in, arena, &i, &err));
    assert_int_equal(i->avatar, AVATAR_AMARA);
    in.avatar = AVATAR_DANIEL;
    in.presence.given |= 1ull << (model_field(&interview_create_model, "avatar") - interview_create_model.fields);
    struct interview *chosen = NULL;
    ok(interview_service_create(s, who, &in, arena, &chosen, &err));
    assert_int_equal(chosen->avatar, AVATAR_DANIEL);
    const struct generate_request all = {0};
    ok(interview_service_generate(s, who, (struct interview_ref){.id = i->id}, &all, arena, &i, &err));
    const struct question *q = i->questions.items;
    assert_true(i->questions.count == 3);
    for (size_t k = 0; k < 3; k++)
        assert_int_equal(q[k].time_limit_s, 77);
    ok(interview_service_set_status(s, who, (struct interview_ref){.id = i->id}, INTERVIEW_OPEN, arena, &i, &err));
    struct public_interview *p = NULL;
    ok(candidacy_interview(s, i->link, arena, &p, &err));
    assert_string_equal(p->organisation, "Example Ltd");
    struct conduct_plan *plan = NULL;
    ok(conduct_load(s, candidate_make(i, "sam@example.org")->session_id, arena, &plan, &err));
    assert_string_equal(plan->organisation, "Example Ltd"); /* the greeting says it too */
}

/* A completed interview with one recorded piece. */
static struct id recorded_session(const struct interview *i, const char *email)
{
    struct id answer;
    struct id session = session_started(i, email, &answer);
    const struct segment_ref ref = {session, answer, 0};
    struct segment_state *up = NULL;
    open_segment(&ref, "video/webm");
    ok(put_bytes(s, &ref, 0, "abc", 3, &up, &err));
    answer_everything(session, "Done.");
    return session;
}

static int64_t segments(void)
{
    return one_int(s->db, "SELECT COUNT(*) FROM recording_segments");
}

/* Runs the jobs that erase files, as a runner would. */
static void run_erase_jobs(void)
{
    struct job *j = NULL;
    for (;;) {
        ok(job_claim(s->db, NULL, fake.unix_ms, 1000, arena, &j, &err));
        if (!j)
            return;
        if (strcmp(j->kind, "erase") == 0)
            ok(recording_erase_files(s, j->subject_id, &err));
        ok(job_complete(s->db, j, fake.unix_ms, &err));
    }
}

static void test_recordings_expire(void **state)
{
    (void)state;
    struct actor who = admin_make();
    struct interview *i = interview_make(who, 2);
    struct id old = recorded_session(i, "old@example.org");
    clock_fake_advance(&fake, DAY);
    struct id recent = recorded_session(i, "recent@example.org");
    clock_fake_advance(&fake, 2 * DAY);
    ok(retention_run(s, &err));
    assert_int_equal(segments(), 2); /* 0 days: kept */
    set(who, "{\"recording_retention_days\": 3}");
    ok(retention_run(s, &err)); /* 3 days to the millisecond are not longer than 3 days */
    assert_int_equal(segments(), 2);
    clock_fake_advance(&fake, 1);
    ok(retention_run(s, &err));
    assert_int_equal(segments(), 1);
    assert_int_equal(session_of(old)->recordings_erased_at, fake.unix_ms);
    assert_int_equal(session_of(recent)->recordings_erased_at, 0);
    assert_int_equal(jobs_of("erase", "queued"), 1); /* a crash here loses nothing: the job is a row */
    stage_reopen();
    run_erase_jobs();
    assert_false(session_has_files(old));
    assert_true(session_has_files(recent));
    assert_int_equal(session_of(old)->status, SESSION_COMPLETED); /* all else of it stays */
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM responses WHERE text <> ''"), 4);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log WHERE action = 'session.recordings_expired' AND "
                                    "actor_kind = 'system'"),
                     1);
    ok(retention_run(s, &err)); /* and once only */
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log WHERE action = 'session.recordings_expired'"), 1);

    struct answer *first = NULL;
    struct segment_state *up = NULL;
    ok(answer_find_at(s->db, old, 1, arena, &first, &err));
    const struct segment_ref late = {old, first->id, 1}; /* a tab that sends what it still had */
    fails(recording_open(s, &late, "video/webm", 0, arena, &up, &err), STATUS_GONE, "session_over");
}

static void test_candidates_expire(void **state)
{
    (void)state;
    struct actor who = admin_make();
    struct interview *i = interview_make(who, 2);
    struct id done = recorded_session(i, "done@example.org");
    candidate_make(i, "never@example.org");
    clock_fake_advance(&fake, 5 * DAY + 1);
    candidate_make(i, "new@example.org");
    set(who, "{\"candidate_retention_days\": 5}");
    ok(retention_run(s, &err));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM candidates"), 1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM candidates WHERE email = 'new@example.org'"), 1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM responses"), 0);
    assert_int_equal(segments(), 0);
    run_erase_jobs();
    assert_false(session_has_files(done));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log WHERE action = 'candidate.expired'"), 2);
}

/* More than one batch: all of them go in one run. */
static void test_many_expire(void **state)
{
    (void)state;
    struct actor who = admin_make();
    struct interview *i = interview_make(who, 1);
    for (int k = 0; k < 205; k++)
        candidate_make(i, arena_printf(arena, "c%d@example.org", k));
    clock_fake_advance(&fake, 2 * DAY);
    set(who, "{\"candidate_retention_days\": 1}");
    ok(retention_run(s, &err));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM candidates"), 0);
    assert_int_equal(jobs_of("erase", "queued"), 205);
}

static void test_audit_expires(void **state)
{
    (void)state;
    struct actor who = admin_make();
    set(who, "{\"audit_retention_days\": 30}");
    clock_fake_advance(&fake, 30 * DAY);
    ok(retention_run(s, &err));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log"), 1);
    clock_fake_advance(&fake, 1);
    ok(retention_run(s, &err));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_defaults_and_changes), TEST(test_versions),
        TEST(test_foreign_values),       TEST(test_kept),
        TEST(test_change_is_told),       TEST(test_defaults_of_interviews),
        TEST(test_recordings_expire),    TEST(test_candidates_expire),
        TEST(test_many_expire),          TEST(test_audit_expires),
    };
    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
