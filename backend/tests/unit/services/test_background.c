/* The background work of the product: what there is, and what the purge takes. */
#include "unit/services/stage.h"

#include "services/background.h"
#include "services/jobs.h"

#include <time.h>

static void the_background_tables_do_what_they_say(void **state)
{
    (void)state;
    static const char *const wanted[] = {"remux", "report", "judge", "erase", "erase_resume", "preview", "mail"};
    size_t n = 0;
    for (const struct job_kind *k = background_jobs; k->kind; k++, n++)
        assert_string_equal(k->kind, n < COUNT(wanted) ? wanted[n] : "(one more)");
    assert_int_equal(n, COUNT(wanted));
    n = 0;
    for (const struct recurring *r = background_recurring; r->name; r++, n++)
        assert_true(r->run && r->every_ms >= 1000);
    assert_in_range(n, 1, RECURRING_MAX);
}

static void the_purge_takes_what_nobody_needs(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    const char *left = arena_printf(arena, "%s/1.joined", storage_upload_dir(s->storage));
    ok(db_exec(s->db,
               arena_printf(arena,
                            "INSERT INTO refresh_tokens (id, user_id, family_id, token_hash, created_at, expires_at) "
                            "SELECT x'%032d', id, x'%032d', x'%064d', 0, %lld FROM users UNION ALL "
                            "SELECT x'%032d', id, x'%032d', x'%064d', 0, %lld FROM users",
                            1, 1, 1, (long long)(T0 - 24 * 60 * MINUTE - 1), 2, 2, 2,
                            (long long)(T0 - 24 * 60 * MINUTE)),
               &err));
    ok(job_enqueue(s->db, "old", who.user_id, NULL, T0 - 8 * 24 * 60 * MINUTE, 1, T0 - 8 * 24 * 60 * MINUTE, NULL,
                   &err));
    ok(db_exec(s->db, "UPDATE jobs SET state = 'done'", &err));
    ok(job_enqueue(s->db, "work", id_new(), NULL, T0, 1, T0, NULL, &err));
    write_file(left, "x");
    fake.unix_ms = T0;
    ok(background_purge(s, &err));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM refresh_tokens"), 1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM jobs WHERE kind = 'old'"), 0);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM jobs WHERE kind = 'work' AND state = 'queued'"), 1);
    assert_true(file_exists(left)); /* the file system's clock is far beyond T0: it is young */
    fake.unix_ms = ((int64_t)time(NULL) + 7 * 3600) * 1000;
    ok(background_purge(s, &err));
    assert_false(file_exists(left));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM refresh_tokens"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_background_tables_do_what_they_say),
        TEST(the_purge_takes_what_nobody_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
