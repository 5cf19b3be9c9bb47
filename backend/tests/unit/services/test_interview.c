#include "unit/services/stage.h"

static const struct generate_request redraw = {.replace = true, .presence = {.given = 1}};
static const struct generate_request fill_up = {.replace = false, .presence = {.given = 1}};

static struct interview *read_as(struct actor who, struct id id)
{
    struct interview *i = NULL;
    ok(interview_service_get(s, who, id, arena, &i, &err));
    return i;
}

static const struct question *question_of(const struct interview *i, size_t k)
{
    assert_true(k < i->questions.count);
    return (const struct question *)i->questions.items + k;
}

static void a_new_interview_is_a_draft_with_a_link_of_its_own(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    const struct interview_input in = interview_input_make("One");
    struct interview *i = NULL, *k = NULL;
    ok(interview_service_create(s, who, &in, arena, &i, &err));
    ok(interview_service_create(s, who, &in, arena, &k, &err));
    assert_int_equal(i->status, INTERVIEW_DRAFT);
    assert_int_equal(i->questions.count, 0);
    assert_string_equal(i->organisation, ""); /* left out: empty, not null */
    assert_int_equal(i->voice, avatar_voice(i->avatar));
    assert_int_equal(strlen(i->link), INTERVIEW_LINK_SIZE - 1);
    assert_string_not_equal(i->link, k->link);
    assert_string_equal(i->candidate_url, arena_printf(arena, "https://viva.example.org/i/%s", i->link));
    settings.public_url = "";
    assert_string_equal(read_as(who, i->id)->candidate_url, arena_printf(arena, "/i/%s", i->link));
}

static void what_is_not_ours_does_not_exist(void **state)
{
    (void)state;
    struct actor mine = recruiter_make("ada@example.org"), theirs = recruiter_make("b@example.org");
    struct interview *i = interview_make(mine, 2), *none = NULL;
    struct interview_input in = interview_input_make("stolen");
    const struct question_input q = {.text = "?"};
    enum removal done;
    fails(interview_service_get(s, theirs, i->id, arena, &none, &err), STATUS_NOT_FOUND, "not_found");
    fails(interview_service_update(s, theirs, any_version(i->id), &in, arena, &none, &err), STATUS_NOT_FOUND,
          "not_found");
    fails(interview_service_remove(s, theirs, any_version(i->id), &done, &err), STATUS_NOT_FOUND, "not_found");
    fails(interview_service_generate(s, theirs, any_version(i->id), &redraw, arena, &none, &err), STATUS_NOT_FOUND,
          "not_found");
    fails(interview_service_set_questions(s, theirs, any_version(i->id), &q, 1, arena, &none, &err), STATUS_NOT_FOUND,
          "not_found");
    fails(interview_service_set_status(s, theirs, any_version(i->id), INTERVIEW_CLOSED, arena, &none, &err),
          STATUS_NOT_FOUND, "not_found");
    fails(interview_service_get(s, mine, id_new(), arena, &none, &err), STATUS_NOT_FOUND, "not_found");
    assert_null(none);
    i = read_as(mine, i->id);
    assert_string_equal(i->title, "Engineer, first round");
    assert_int_equal(i->questions.count, 2);
    assert_int_equal(i->status, INTERVIEW_OPEN);

    struct actor admin = {.user_id = theirs.user_id, .is_admin = true};
    struct interview_filter f = INTERVIEW_FILTER_ANY;
    struct page p = {0};
    assert_string_equal(read_as(admin, i->id)->title, i->title);
    ok(interview_service_list(s, theirs, &f, (struct paging){1, 20}, arena, &p, &err));
    assert_int_equal(p.total, 0);
    f.owner_id = mine.user_id; /* asking for somebody else's by their id does not help */
    ok(interview_service_list(s, theirs, &f, (struct paging){1, 20}, arena, &p, &err));
    assert_int_equal(p.total, 0);
    ok(interview_service_list(s, admin, &f, (struct paging){1, 20}, arena, &p, &err));
    assert_int_equal(p.total, 1);
    assert_non_null(((struct interview *)p.items.items)->candidate_url);
}

static void an_update_changes_what_was_given(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = interview_make(who, 1), *now = NULL;
    struct interview_input in;
    static const char patch[] = "{\"organisation\": \"Halden Water\", \"difficulty\": \"lead\"}";
    ok(model_parse(&interview_update_model, PARSE_PATCH, patch, strlen(patch), arena, &in, &err));
    clock_fake_advance(&fake, 1000);
    ok(interview_service_update(s, who, any_version(i->id), &in, arena, &now, &err));
    assert_string_equal(now->organisation, "Halden Water");
    assert_int_equal(now->difficulty, DIFFICULTY_LEAD);
    assert_string_equal(now->title, i->title);
    assert_string_equal(now->link, i->link);
    assert_int_equal(now->status, INTERVIEW_OPEN);
    assert_int_equal(now->updated_at, T0 + 1000);
    assert_int_equal(now->questions.count, 1);
}

static void statuses_go_their_way(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = interview_make(who, 0);
    fails_at(interview_service_set_status(s, who, any_version(i->id), INTERVIEW_OPEN, arena, &i, &err), STATUS_INVALID,
             "no_questions", "questions");
    fails(interview_service_set_status(s, who, any_version(i->id), INTERVIEW_CLOSED, arena, &i, &err), STATUS_CONFLICT,
          "interview_status");
    ok(interview_service_generate(s, who, any_version(i->id), &redraw, arena, &i, &err));
    ok(interview_service_set_status(s, who, any_version(i->id), INTERVIEW_OPEN, arena, &i, &err));
    ok(interview_service_set_status(s, who, any_version(i->id), INTERVIEW_OPEN, arena, &i, &err));
    ok(interview_service_set_status(s, who, any_version(i->id), INTERVIEW_CLOSED, arena, &i, &err));
    ok(interview_service_set_status(s, who, any_version(i->id), INTERVIEW_OPEN, arena, &i, &err));
    assert_int_equal(i->status, INTERVIEW_OPEN);
    fails(interview_service_set_status(s, who, any_version(i->id), INTERVIEW_DRAFT, arena, &i, &err), STATUS_CONFLICT,
          "interview_status");
}

static void generating_replaces_or_fills_up(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview_input in = interview_input_make("One");
    struct interview *i = NULL, *more = NULL;
    in.question_count = 8;
    ok(interview_service_create(s, who, &in, arena, &i, &err));
    ok(interview_service_generate(s, who, any_version(i->id), &redraw, arena, &i, &err));
    assert_int_equal(i->questions.count, 8);
    for (size_t k = 0; k < 8; k++)
        assert_int_equal(question_of(i, k)->position, k + 1);
    assert_int_equal(question_of(i, 0)->category, CATEGORY_WARMUP);
    assert_int_equal(question_of(i, 7)->category, CATEGORY_CLOSING);
    fails_at(interview_service_generate(s, who, any_version(i->id), &fill_up, arena, &more, &err), STATUS_INVALID,
             "questions_enough", "question_count");

    in.question_count = 15;
    ok(interview_service_update(s, who, any_version(i->id), &in, arena, &i, &err));
    ok(interview_service_generate(s, who, any_version(i->id), &fill_up, arena, &more, &err));
    assert_int_equal(more->questions.count, 15);
    for (size_t k = 0; k < 7; k++)
        assert_true(id_equal(question_of(i, k)->id, question_of(more, k)->id));
    assert_true(id_equal(question_of(i, 7)->id, question_of(more, 14)->id)); /* the closing stays the last */
    for (size_t a = 0; a < 15; a++) {
        assert_true(a == 0 || question_of(more, a)->category != CATEGORY_WARMUP);
        assert_true(a == 14 || question_of(more, a)->category != CATEGORY_CLOSING);
        for (size_t b = 0; b < a; b++)
            assert_string_not_equal(question_of(more, a)->text, question_of(more, b)->text);
    }

    ok(interview_service_generate(s, who, any_version(i->id), &redraw, arena, &i, &err));
    assert_int_equal(i->questions.count, 15);
    for (size_t a = 0; a < 15; a++)
        for (size_t b = 0; b < 15; b++)
            assert_false(id_equal(question_of(i, a)->id, question_of(more, b)->id));
}

static void questions_keep_their_ids_and_take_the_new_order(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = interview_make(who, 3), *other = interview_make(who, 1), *now = NULL;
    struct question_input q[] = {
        {.id = question_of(i, 2)->id, .text = "Third, first?"},
        {.text = "New?"},
        {.id = question_of(i, 0)->id, .text = "First, last?"},
    };
    ok(interview_service_set_questions(s, who, any_version(i->id), q, 3, arena, &now, &err));
    assert_true(id_equal(question_of(now, 0)->id, question_of(i, 2)->id));
    assert_string_equal(question_of(now, 1)->text, "New?");
    assert_true(id_equal(question_of(now, 2)->id, question_of(i, 0)->id));
    q[1].id = question_of(other, 0)->id; /* of another interview, though ours */
    fails_at(interview_service_set_questions(s, who, any_version(i->id), q, 3, arena, &now, &err), STATUS_INVALID,
             "question_unknown", "questions[1].id");
    fails_at(interview_service_set_questions(s, who, any_version(i->id), NULL, 0, arena, &now, &err), STATUS_INVALID,
             "no_questions", "questions");
    assert_int_equal(read_as(who, i->id)->questions.count, 3);
    assert_int_equal(read_as(who, other->id)->questions.count, 1);
}

static void questions_rest_while_somebody_is_interviewed(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = interview_make(who, 2), *now = NULL;
    const struct question_input q = {.text = "Another?"};
    struct id answer;
    struct register_result *waiting = candidate_make(i, "waiting@example.org");
    ok(interview_service_set_questions(s, who, any_version(i->id), &q, 1, arena, &now,
                                       &err)); /* registered is not running */
    ok(interview_service_generate(s, who, any_version(i->id), &redraw, arena, &now, &err));
    struct id session = session_started(i, "sam@example.org", &answer);
    fails(interview_service_set_questions(s, who, any_version(i->id), &q, 1, arena, &now, &err), STATUS_CONFLICT,
          "interview_running");
    fails(interview_service_generate(s, who, any_version(i->id), &redraw, arena, &now, &err), STATUS_CONFLICT,
          "interview_running");
    answer_everything(session, "done");
    ok(interview_service_set_questions(s, who, any_version(i->id), &q, 1, arena, &now, &err));
    assert_string_equal(answer_of(answer)->text, "done"); /* with its own copy of the question */
    assert_string_not_equal(answer_of(answer)->question_text, "Another?");
    (void)waiting;
}

static void without_candidates_it_is_deleted_and_with_them_archived(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = interview_make(who, 2), *empty = interview_make(who, 2), *none = NULL;
    struct interview_filter f = INTERVIEW_FILTER_ANY;
    struct page p = {0};
    enum removal done;
    struct register_result *there = candidate_make(i, "sam@example.org");
    ok(interview_service_remove(s, who, any_version(empty->id), &done, &err));
    assert_int_equal(done, REMOVAL_DELETED);
    fails(interview_service_remove(s, who, any_version(empty->id), &done, &err), STATUS_NOT_FOUND, "not_found");
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM questions"), 2);

    ok(interview_service_remove(s, who, any_version(i->id), &done, &err));
    assert_int_equal(done, REMOVAL_ARCHIVED);
    assert_true(read_as(who, i->id)->archived_at > 0);
    f.shelf = INTERVIEW_IN_USE;
    ok(interview_service_list(s, who, &f, (struct paging){1, 20}, arena, &p, &err));
    assert_int_equal(p.total, 0);
    f.shelf = INTERVIEW_ARCHIVED;
    ok(interview_service_list(s, who, &f, (struct paging){1, 20}, arena, &p, &err));
    assert_int_equal(p.total, 1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM interview_sessions"), 1);
    const struct candidate_register in = registration("late@example.org");
    struct register_result *late = NULL;
    fails(candidacy_register(s, i->link, &in, arena, &late, &err), STATUS_GONE, "interview_closed");
    fails(interview_service_set_status(s, who, any_version(i->id), INTERVIEW_OPEN, arena, &none, &err), STATUS_CONFLICT,
          "interview_archived");
    ok(session_find(s->db, there->session_id, arena, &(struct session *){0}, &err));

    ok(interview_service_restore(s, who, any_version(i->id), arena, &i, &err));
    assert_int_equal(i->archived_at, 0);
    assert_int_equal(i->status, INTERVIEW_OPEN);
    ok(candidacy_register(s, i->link, &in, arena, &late, &err));
    int64_t version = i->updated_at;
    ok(interview_service_restore(s, who, any_version(i->id), arena, &i, &err)); /* harmless */
    assert_true(i->updated_at == version);
}

static int64_t recorded(const char *action)
{
    return one_int(s->db, arena_printf(arena, "SELECT COUNT(*) FROM audit_log WHERE action = '%s'", action));
}

static void a_change_for_another_version_is_refused(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = interview_make(who, 2), *now = NULL;
    struct interview_ref old = {i->id, i->updated_at};
    static const char patch[] = "{\"title\": \"Second\"}";
    static const char *ids[2];
    struct interview_input in;
    struct question *q = NULL;
    int64_t version = 0;
    enum removal done;
    ok(model_parse(&interview_update_model, PARSE_PATCH, patch, strlen(patch), arena, &in, &err));
    ok(interview_service_update(s, who, old, &in, arena, &now, &err)); /* the clock stands: the version moves on */
    assert_true(now->updated_at == old.version + 1);
    const struct question_create add = {.text = "More?"};
    const struct question_input text = {.presence = {1}, .text = "Other?"};
    const struct strings order = {ids, 0};
    struct id first = question_of(i, 0)->id;
    fails(interview_service_update(s, who, old, &in, arena, &now, &err), STATUS_PRECONDITION, "changed_meanwhile");
    fails(interview_service_remove(s, who, old, &done, &err), STATUS_PRECONDITION, "changed_meanwhile");
    fails(interview_service_restore(s, who, old, arena, &now, &err), STATUS_PRECONDITION, "changed_meanwhile");
    fails(interview_service_rotate_link(s, who, old, arena, &now, &err), STATUS_PRECONDITION, "changed_meanwhile");
    fails(interview_service_set_status(s, who, old, INTERVIEW_CLOSED, arena, &now, &err), STATUS_PRECONDITION,
          "changed_meanwhile");
    fails(interview_service_set_questions(s, who, old, NULL, 0, arena, &now, &err), STATUS_PRECONDITION,
          "changed_meanwhile");
    fails(interview_service_reorder(s, who, old, &order, arena, &now, &err), STATUS_PRECONDITION, "changed_meanwhile");
    fails(interview_service_generate(s, who, old, &redraw, arena, &now, &err), STATUS_PRECONDITION,
          "changed_meanwhile");
    fails(question_service_add(s, who, old, &add, arena, &q, &version, &err), STATUS_PRECONDITION, "changed_meanwhile");
    fails(question_service_change(s, who, old, first, &text, arena, &q, &version, &err), STATUS_PRECONDITION,
          "changed_meanwhile");
    fails(question_service_remove(s, who, old, first, &err), STATUS_PRECONDITION, "changed_meanwhile");
    struct interview *as_is = read_as(who, i->id);
    assert_string_equal(as_is->title, "Second");
    assert_int_equal(as_is->questions.count, 2);
    assert_int_equal(recorded("interview.update"), 1);
    assert_int_equal(recorded("interview.rotate_link"), 0);
}

static void a_rotated_link_leads_nowhere(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = interview_make(who, 1), *now = NULL;
    struct public_interview *p = NULL;
    struct id answer;
    struct id session = session_started(i, "sam@example.org", &answer);
    ok(interview_service_rotate_link(s, who, any_version(i->id), arena, &now, &err));
    assert_string_not_equal(now->link, i->link);
    assert_int_equal(strlen(now->link), INTERVIEW_LINK_SIZE - 1);
    fails(candidacy_interview(s, i->link, arena, &p, &err), STATUS_NOT_FOUND, "link_unknown");
    ok(candidacy_interview(s, now->link, arena, &p, &err));
    answer_everything(session, "goes on");
    assert_int_equal(recorded("interview.rotate_link"), 1);
}

static void a_copy_is_a_draft_of_its_own(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org"), theirs = recruiter_make("b@example.org");
    struct interview *i = interview_make(who, 2), *copy = NULL;
    struct interview_input in;
    const char *patch = arena_printf(arena,
                                     "{\"title\": \"%0156d\\u00e9\\u00e9\\u00e9\\u00e9\", \"max_sessions\": 3, "
                                     "\"expires_at\": \"2030-01-01T00:00:00Z\"}",
                                     0);
    ok(model_parse(&interview_update_model, PARSE_PATCH, patch, strlen(patch), arena, &in, &err));
    ok(interview_service_update(s, who, any_version(i->id), &in, arena, &i, &err));
    fails(interview_service_duplicate(s, theirs, i->id, arena, &copy, &err), STATUS_NOT_FOUND, "not_found");
    ok(interview_service_duplicate(s, who, i->id, arena, &copy, &err));
    assert_string_equal(copy->title, arena_printf(arena, "%0153d (copy)", 0)); /* 160 characters */
    assert_int_equal(copy->status, INTERVIEW_DRAFT);
    assert_int_equal(copy->max_sessions, 3);
    assert_int_equal(copy->expires_at, 0);
    assert_string_not_equal(copy->link, i->link);
    assert_int_equal(copy->questions.count, 2);
    for (size_t k = 0; k < 2; k++) {
        assert_false(id_equal(question_of(copy, k)->id, question_of(i, k)->id));
        assert_string_equal(question_of(copy, k)->text, question_of(i, k)->text);
        assert_int_equal(question_of(copy, k)->points.count, 2);
        assert_string_equal(question_of(copy, k)->points.items[1], "says how it ended");
    }
    assert_int_equal(recorded("interview.duplicate"), 1);
    assert_int_equal(read_as(who, i->id)->questions.count, 2);
}

static void an_expiry_is_a_time_to_come(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = interview_make(who, 1), *now = NULL;
    struct interview_input in = {.presence = {.given = 1ull << (model_field(&interview_create_model, "expires_at") -
                                                                interview_create_model.fields)}};
    in.expires_at = T0;
    fails_at(interview_service_update(s, who, any_version(i->id), &in, arena, &now, &err), STATUS_INVALID,
             "expires_in_the_past", "expires_at");
    in.expires_at = T0 + 1;
    ok(interview_service_update(s, who, any_version(i->id), &in, arena, &now, &err));
    assert_true(now->expires_at == T0 + 1);
    clock_fake_advance(&fake, 1000);
    ok(interview_service_update(s, who, any_version(i->id), &in, arena, &now, &err)); /* it stood there already */
    in.expires_at = 0;
    ok(interview_service_update(s, who, any_version(i->id), &in, arena, &now, &err));
    assert_int_equal(now->expires_at, 0);
    struct interview_input made = interview_input_make("Late");
    made.presence.given |= in.presence.given;
    made.expires_at = T0;
    fails_at(interview_service_create(s, who, &made, arena, &now, &err), STATUS_INVALID, "expires_in_the_past",
             "expires_at");
}

static void every_change_is_recorded(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = interview_make(who, 1);
    enum removal done;
    assert_int_equal(recorded("interview.create"), 1);
    assert_int_equal(recorded("interview.questions"), 1);
    assert_int_equal(recorded("interview.publish"), 1);
    ok(interview_service_set_status(s, who, any_version(i->id), INTERVIEW_OPEN, arena, &i, &err)); /* no change */
    assert_int_equal(recorded("interview.publish"), 1);
    ok(interview_service_set_status(s, who, any_version(i->id), INTERVIEW_CLOSED, arena, &i, &err));
    ok(interview_service_set_status(s, who, any_version(i->id), INTERVIEW_OPEN, arena, &i, &err));
    assert_int_equal(recorded("interview.close"), 1);
    assert_int_equal(recorded("interview.reopen"), 1);
    ok(interview_service_remove(s, who, any_version(i->id), &done, &err));
    assert_int_equal(recorded("interview.delete"), 1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(DISTINCT actor_id) FROM audit_log WHERE actor_kind = 'user'"), 1);
}

static void search_takes_text_as_text(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = NULL;
    static const char *const titles[] = {"100% remote", "under_score", "O'Brien's \"team\"", "plain"};
    for (size_t k = 0; k < COUNT(titles); k++) {
        const struct interview_input in = interview_input_make(titles[k]);
        ok(interview_service_create(s, who, &in, arena, &i, &err));
    }
    static const struct {
        const char *search;
        int64_t found;
    } tries[] = {{"%", 1}, {"_", 1}, {"'", 1},   {"\"team\"", 1}, {"PLAIN", 1},
                 {"!", 0}, {"", 4},  {"r_e", 0}, {"Field", 4}};
    for (size_t k = 0; k < COUNT(tries); k++) {
        struct interview_filter f = INTERVIEW_FILTER_ANY;
        struct page p = {0};
        f.search = tries[k].search;
        ok(interview_service_list(s, who, &f, (struct paging){1, 20}, arena, &p, &err));
        if (p.total != tries[k].found)
            fail_msg("\"%s\": %lld found", tries[k].search, (long long)p.total);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_interview_is_a_draft_with_a_link_of_its_own),
        TEST(what_is_not_ours_does_not_exist),
        TEST(an_update_changes_what_was_given),
        TEST(statuses_go_their_way),
        TEST(generating_replaces_or_fills_up),
        TEST(questions_keep_their_ids_and_take_the_new_order),
        TEST(questions_rest_while_somebody_is_interviewed),
        TEST(without_candidates_it_is_deleted_and_with_them_archived),
        TEST(a_change_for_another_version_is_refused),
        TEST(a_rotated_link_leads_nowhere),
        TEST(a_copy_is_a_draft_of_its_own),
        TEST(an_expiry_is_a_time_to_come),
        TEST(every_change_is_recorded),
        TEST(search_takes_text_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
