#include "unit/repositories/world.h"

#include "repositories/access_repository.h"
#include "repositories/report_repository.h"

#include <math.h>

static int64_t total(const struct interview_filter *f, size_t *shown)
{
    struct page page;
    ok(interview_list(db, f, (struct paging){.page = 1, .page_size = 100}, arena, &page, &err));
    if (shown)
        *shown = page.items.count;
    assert_int_equal(page.total, page.items.count);
    return page.total;
}

static int64_t found(const char *search)
{
    struct interview_filter f = INTERVIEW_FILTER_ANY;
    f.search = search;
    return total(&f, NULL);
}

static void test_round_trip(void **state)
{
    (void)state;
    struct interview *i = NULL;
    assert_string_equal(interview->title, "Backend engineer");
    assert_string_equal(interview->job_description, "Builds\nthings.");
    assert_int_equal(interview->focus_areas, 1 | 1 << 3);
    assert_int_equal(interview->avatar, AVATAR_AMARA);
    assert_int_equal(interview->difficulty, DIFFICULTY_SENIOR);
    assert_int_equal(strlen(interview->link), 32);
    ok(interview_find_by_link(db, interview->link, arena, &i, &err));
    assert_true(id_equal(i->id, interview->id));
    fails(interview_find_by_link(db, "unknown", arena, &i, &err), STATUS_NOT_FOUND, "link_unknown");
    fails(interview_find(db, id_new(), arena, &i, &err), STATUS_NOT_FOUND, "not_found");
    struct interview twice = *interview;
    twice.id = id_new();
    struct error why = {0};
    assert_int_equal(interview_insert(db, &twice, &why), STATUS_CONFLICT);
    assert_string_equal(why.field, "link");
}

static void test_update(void **state)
{
    (void)state;
    struct interview in = *interview, *out = NULL;
    in.title = "New";
    in.focus_areas = 0;
    in.question_count = 7;
    in.owner_id = id_new(); /* never written */
    in.status = INTERVIEW_CLOSED;
    in.link = "x";
    in.updated_at = T0 + 1;
    ok(interview_update(db, &in, &err));
    ok(interview_find(db, in.id, arena, &out, &err));
    assert_string_equal(out->title, "New");
    assert_int_equal(out->focus_areas, 0);
    assert_int_equal(out->question_count, 7);
    assert_true(out->updated_at == T0 + 1);
    assert_true(id_equal(out->owner_id, owner->id));
    assert_int_equal(out->status, INTERVIEW_OPEN);
    assert_string_equal(out->link, interview->link);
    in.id = id_new();
    fails(interview_update(db, &in, &err), STATUS_NOT_FOUND, "not_found");
}

static void test_statuses(void **state)
{
    (void)state;
    struct interview *i = interview_make(owner->id, "Draft", INTERVIEW_DRAFT);
    fails(interview_set_status(db, i->id, INTERVIEW_CLOSED, T0, &err), STATUS_CONFLICT, "interview_status");
    ok(interview_set_status(db, i->id, INTERVIEW_OPEN, T0 + 1, &err));
    ok(interview_set_status(db, i->id, INTERVIEW_OPEN, T0 + 2, &err)); /* harmless */
    fails(interview_set_status(db, i->id, INTERVIEW_DRAFT, T0, &err), STATUS_CONFLICT, "interview_status");
    ok(interview_set_status(db, i->id, INTERVIEW_CLOSED, T0 + 3, &err));
    ok(interview_set_status(db, i->id, INTERVIEW_OPEN, T0 + 4, &err));
    ok(interview_find(db, i->id, arena, &i, &err));
    assert_int_equal(i->status, INTERVIEW_OPEN);
    assert_true(i->updated_at == T0 + 4);
    fails(interview_set_status(db, id_new(), INTERVIEW_OPEN, T0, &err), STATUS_NOT_FOUND, "not_found");
}

static void test_list(void **state)
{
    (void)state;
    struct user *other = user_make("b@example.org", ROLE_RECRUITER);
    struct page page;
    size_t shown = 0;
    int64_t n = 0;
    for (int i = 0; i < 24; i++)
        interview_make(i % 2 ? other->id : owner->id, "More", i % 3 ? INTERVIEW_DRAFT : INTERVIEW_CLOSED);
    struct interview_filter any = INTERVIEW_FILTER_ANY, mine = any, drafts = any, closed = any, named = any;
    mine.owner_id = drafts.owner_id = owner->id;
    named.owner_id = other->id;
    drafts.status = INTERVIEW_DRAFT;
    closed.status = named.status = INTERVIEW_CLOSED;
    named.search = "more";
    assert_int_equal(total(&any, &shown), 25);
    assert_int_equal(total(&mine, NULL), 13);
    assert_int_equal(total(&drafts, NULL), 8);
    assert_int_equal(total(&closed, NULL), 8);
    assert_int_equal(total(&named, NULL), 4);
    ok(interview_list(db, &any, (struct paging){.page = 3, .page_size = 10}, arena, &page, &err));
    assert_int_equal(page.total, 25);
    assert_int_equal(page.items.count, 5);
    assert_true(
        id_equal(((struct interview *)page.items.items)[4].id, interview->id)); /* newest first: the first is last */
    ok(interview_list(db, &any, (struct paging){.page = 4, .page_size = 10}, arena, &page, &err));
    assert_int_equal(page.total, 25);
    assert_int_equal(page.items.count, 0);
    ok(interview_list(db, &any, (struct paging){.page = -5, .page_size = 100000}, arena, &page,
                      &err)); /* brought into range */
    assert_int_equal(page.items.count, 25);
    ok(interview_count(db, owner->id, INTERVIEW_OPEN, &n, &err));
    assert_int_equal(n, 1);
    ok(interview_count(db, (struct id){0}, INTERVIEW_CLOSED, &n, &err));
    assert_int_equal(n, 8);
}

static const char *first_title(const struct interview_filter *f)
{
    struct page page;
    ok(interview_list(db, f, (struct paging){1, 100}, arena, &page, &err));
    return page.items.count ? ((struct interview *)page.items.items)[0].title : "";
}

static void test_readers_shelves_and_sorts(void **state)
{
    (void)state;
    struct user *other = user_make("b@example.org", ROLE_RECRUITER), *third = user_make("c@example.org", ROLE_REVIEWER);
    struct interview *apple = interview_make(owner->id, "apple", INTERVIEW_DRAFT);
    struct interview *zebra = interview_make(other->id, "Zebra", INTERVIEW_CLOSED);
    struct interview_filter f = INTERVIEW_FILTER_ANY, type = f, difficulty = f, own = f;
    ok(reviewer_add(db, apple->id, other->id, T0, &err));
    ok(interview_set_archived(db, zebra->id, T0 + 5, T0 + 5, &err));
    ok(interview_touch(db, apple->id, T0 + 9, &err));
    f.reader_id = other->id;
    assert_int_equal(total(&f, NULL), 2);
    f.owner_id = owner->id; /* of what they may read, what is the owner's */
    assert_int_equal(total(&f, NULL), 1);
    f.owner_id = (struct id){0};
    f.shelf = INTERVIEW_IN_USE;
    assert_string_equal(first_title(&f), "apple");
    f.shelf = INTERVIEW_ARCHIVED;
    assert_string_equal(first_title(&f), "Zebra");
    assert_int_equal(total(&f, NULL), 1);
    f.reader_id = third->id;
    assert_int_equal(total(&f, NULL), 0);
    type.interview_type = INTERVIEW_TECHNICAL;
    assert_int_equal(total(&type, NULL), 0);
    type.interview_type = INTERVIEW_MIXED;
    type.difficulty = DIFFICULTY_SENIOR;
    assert_int_equal(total(&type, NULL), 3);
    difficulty.difficulty = DIFFICULTY_LEAD;
    assert_int_equal(total(&difficulty, NULL), 0);

    static const struct {
        struct sort by;
        const char *first;
    } sorts[] = {
        {{INTERVIEW_BY_CREATED, false}, "Backend engineer"},
        {{INTERVIEW_BY_CREATED, true}, "Zebra"},
        {{INTERVIEW_BY_UPDATED, false}, "Backend engineer"},
        {{INTERVIEW_BY_UPDATED, true}, "apple"},
        {{INTERVIEW_BY_TITLE, false}, "apple"},
        {{INTERVIEW_BY_TITLE, true}, "Zebra"},
        {{INTERVIEW_BY_STATUS, false}, "Zebra"},
        {{INTERVIEW_BY_STATUS, true}, "Backend engineer"},
    };
    for (size_t k = 0; k < sizeof sorts / sizeof sorts[0]; k++) {
        struct interview_filter all = INTERVIEW_FILTER_ANY, shelf = all, mine = all;
        all.sort = shelf.sort = mine.sort = sorts[k].by;
        assert_string_equal(first_title(&all), sorts[k].first);
        shelf.shelf = INTERVIEW_IN_USE;
        first_title(&shelf);
        mine.reader_id = owner->id;
        first_title(&mine);
    }
    own.owner_id = owner->id;
    own.shelf = INTERVIEW_IN_USE;
    own.sort = (struct sort){INTERVIEW_BY_TITLE, false};
    assert_string_equal(first_title(&own), "apple");
    int64_t n = 0;
    ok(interview_count(db, other->id, INTERVIEW_CLOSED, &n, &err)); /* archived ones do not count */
    assert_int_equal(n, 0);
}

static void test_links_and_places(void **state)
{
    (void)state;
    struct interview *i = NULL;
    struct id id;
    int64_t n = 0;
    ok(interview_lock(db, interview->id, &err));
    ok(interview_id_of_link(db, interview->link, &id, &err));
    assert_true(id_equal(id, interview->id));
    ok(interview_set_link(db, interview->id, "0123456789abcdef0123456789abcdef", T0 + 1, &err));
    fails(interview_id_of_link(db, interview->link, &id, &err), STATUS_NOT_FOUND, "link_unknown");
    ok(interview_find_by_link(db, "0123456789abcdef0123456789abcdef", arena, &i, &err));
    assert_true(i->updated_at == T0 + 1);
    fails(interview_set_link(db, id_new(), "x", T0, &err), STATUS_NOT_FOUND, "not_found");
    fails(interview_touch(db, id_new(), T0, &err), STATUS_NOT_FOUND, "not_found");
    fails(interview_set_archived(db, id_new(), T0, T0, &err), STATUS_NOT_FOUND, "not_found");

    struct session *one = session_make(interview->id, "a@example.org", 1);
    session_make(interview->id, "b@example.org", 2);
    ok(interview_places_taken(db, interview->id, &n, &err));
    assert_int_equal(n, 2);
    ok(session_set_status(db, one->id, SESSION_WITHDRAWN, T0, &err)); /* leaves its place */
    ok(interview_places_taken(db, interview->id, &n, &err));
    assert_int_equal(n, 1);
}

static void test_search(void **state)
{
    (void)state;
    interview_make(owner->id, "100% remote", INTERVIEW_DRAFT);
    interview_make(owner->id, "1000 remote", INTERVIEW_DRAFT);
    interview_make(owner->id, "snake_case", INTERVIEW_DRAFT);
    interview_make(owner->id, "snakeXcase", INTERVIEW_DRAFT);
    interview_make(owner->id, "hey!", INTERVIEW_DRAFT);
    interview_make(owner->id, "it's; DROP TABLE users; --", INTERVIEW_DRAFT);
    assert_int_equal(found("100%"), 1);
    assert_int_equal(found("%"), 1);
    assert_int_equal(found("snake_"), 1);
    assert_int_equal(found("_"), 1);
    assert_int_equal(found("!"), 1);
    assert_int_equal(found("'"), 1);
    assert_int_equal(found("BACKEND"), 1);
    assert_int_equal(found("engineer"), 7); /* the role of all */
    assert_int_equal(found("example ltd"), 7);
    assert_int_equal(found("nothing like it"), 0);
    assert_int_equal(found(""), 7);
}

static void test_statistics(void **state)
{
    (void)state;
    struct interview *i = NULL;
    struct session *s[4];
    const struct interview_filter any = INTERVIEW_FILTER_ANY;
    struct page page;
    for (uint8_t k = 0; k < 4; k++) {
        char email[32];
        snprintf(email, sizeof email, "c%d@example.org", k);
        s[k] = session_make(interview->id, arena_strdup(arena, email), k);
    }
    for (int k = 0; k < 3; k++)
        ok(session_set_status(db, s[k]->id, SESSION_IN_PROGRESS, T0, &err));
    for (int k = 0; k < 2; k++) {
        const struct report r = {
            .session_id = s[k]->id, .overall_score = 3.0 + k, .summary = "", .scorer_version = "1"};
        ok(session_set_status(db, s[k]->id, SESSION_COMPLETED, T0, &err));
        ok(report_store(db, &r, T0, &err));
    }
    ok(report_request(db, s[2]->id, REPORT_NEXT_REQUESTED, T0, &err)); /* pending: does not count */
    interview_make(owner->id, "Nobody came", INTERVIEW_OPEN);
    ok(interview_find(db, interview->id, arena, &i, &err));
    assert_int_equal(i->statistics->candidates, 4);
    assert_int_equal(i->statistics->in_progress, 1);
    assert_int_equal(i->statistics->completed, 2);
    assert_true(i->statistics->average_score == 3.5);
    ok(interview_list(db, &any, (struct paging){1, 20}, arena, &page, &err));
    i = page.items.items;
    assert_int_equal(i[0].statistics->candidates, 0);
    assert_true(isnan(i[0].statistics->average_score));
    assert_int_equal(i[1].statistics->candidates, 4);
    assert_true(i[1].statistics->average_score == 3.5);
}

static void test_delete(void **state)
{
    (void)state;
    struct session *s = session_make(interview->id, "c@example.org", 1);
    fails(interview_delete(db, interview->id, &err), STATUS_CONFLICT, "has_sessions");
    ok(candidate_delete(db, s->candidate_id, &err));
    ok(interview_delete(db, interview->id, &err));
    assert_int_equal(peek("SELECT COUNT(*) FROM questions"), 0);
    fails(interview_delete(db, interview->id, &err), STATUS_NOT_FOUND, "not_found");
}

/* -----------------------------------------------------------------------------------------------------------------
 * questions */

static void test_questions(void **state)
{
    (void)state;
    assert_int_equal(questions.count, 3);
    assert_string_equal(question_at(0)->text, "First?");
    assert_int_equal(question_at(0)->points.count, 2);
    assert_string_equal(question_at(0)->points.items[1], "says how it ended");
    assert_int_equal(question_at(2)->position, 3);
    assert_int_equal(question_at(2)->points.count, 0);
    assert_int_equal(question_at(1)->time_limit_s, 120);
}

static void test_replace_keeps_ids(void **state)
{
    (void)state;
    struct list now;
    struct question_input in[] = {question_make("Third, now first", NULL, 0), question_make("New", NULL, 0),
                                  question_make("First, now last", NULL, 0)};
    in[0].id = question_at(2)->id;
    in[2].id = question_at(0)->id;
    ok(question_replace(db, interview->id, in, 3, &err));
    ok(question_list(db, interview->id, arena, &now, &err));
    const struct question *q = now.items;
    assert_int_equal(now.count, 3);
    assert_true(id_equal(q[0].id, question_at(2)->id) && id_equal(q[2].id, question_at(0)->id));
    assert_string_equal(q[1].text, "New");
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(q[i].position, i + 1);
    /* turned round, shortened, emptied */
    struct question_input turned[] = {in[2], in[0]};
    ok(question_replace(db, interview->id, turned, 2, &err));
    ok(question_list(db, interview->id, arena, &now, &err));
    q = now.items;
    assert_int_equal(now.count, 2);
    assert_true(id_equal(q[0].id, question_at(0)->id) && q[1].position == 2);
    ok(question_replace(db, interview->id, NULL, 0, &err));
    ok(question_list(db, interview->id, arena, &now, &err));
    assert_int_equal(now.count, 0);
}

static void test_replace_refuses(void **state)
{
    (void)state;
    struct interview *other = interview_make(owner->id, "Other", INTERVIEW_DRAFT);
    struct list now;
    struct error why = {0};
    struct question_input in[] = {question_make("A", NULL, 0), question_make("B", NULL, 0)};
    in[1].id = question_at(0)->id;
    assert_int_equal(question_replace(db, other->id, in, 2, &why), STATUS_INVALID); /* another interview's question */
    assert_string_equal(why.code, "question_unknown");
    assert_string_equal(why.field, "questions[1].id");
    in[0].id = in[1].id;
    assert_int_equal(question_replace(db, interview->id, in, 2, &why), STATUS_INVALID);
    assert_string_equal(why.code, "question_repeated");
    struct question_input spoiled[] = {question_make("fine", NULL, 0), question_make("", NULL, 0)};
    assert_int_not_equal(question_replace(db, interview->id, spoiled, 2, &why), STATUS_OK);
    struct question_input fresh = question_make("A", NULL, 0);
    fails(question_replace(db, id_new(), &fresh, 1, &err), STATUS_NOT_FOUND, "not_found");
    ok(question_list(db, interview->id, arena, &now, &err));
    assert_int_equal(now.count, 3); /* nothing of it stayed */
    assert_true(id_equal(((struct question *)now.items)[0].id, question_at(0)->id));
    assert_int_equal(((struct question *)now.items)[0].position, 1);
}

/* Points were a JSON column of their question before they were rows: neither way loses one. */
static void test_points_survive_migrations(void **state)
{
    (void)state;
    struct list again;
    int n = 0;
    quiet = true; /* the migrations' own statements */
    const int above_the_first = (int)peek("SELECT COUNT(*) FROM schema_migrations") - 1;
    ok(migrate_down(db, MIGRATIONS, above_the_first, &n, &err));
    assert_int_equal(n, above_the_first);
    assert_int_equal(peek("SELECT COUNT(*) FROM questions WHERE points = "
                          "'[\"names a tool\",\"says how it ended\"]'"),
                     1);
    assert_int_equal(peek("SELECT COUNT(*) FROM questions WHERE points = '[]'"), 1);
    ok(migrate_up(db, MIGRATIONS, &n, &err));
    ok(question_list(db, interview->id, arena, &again, &err));
    assert_int_equal(again.count, 3);
    for (size_t i = 0; i < again.count; i++) {
        const struct question *q = (const struct question *)again.items + i;
        assert_int_equal(q->points.count, question_at(i)->points.count);
        for (size_t k = 0; k < q->points.count; k++)
            assert_string_equal(q->points.items[k], question_at(i)->points.items[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_round_trip),
        TEST(test_update),
        TEST(test_statuses),
        TEST(test_list),
        TEST(test_readers_shelves_and_sorts),
        TEST(test_links_and_places),
        TEST(test_search),
        TEST(test_statistics),
        TEST(test_delete),
        TEST(test_questions),
        TEST(test_replace_keeps_ids),
        TEST(test_replace_refuses),
        TEST(test_points_survive_migrations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
