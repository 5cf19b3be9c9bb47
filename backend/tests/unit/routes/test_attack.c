/* What a stranger, a candidate and a recruiter try: every reply is an envelope, none is a 5xx, nothing of others shows.
 */
#include "unit/routes/server.h"

static const char *admin, *recruiter, *reviewer; /* access tokens */
static const char *interview_id, *link_;
static const char *candidate, *session, *answer; /* of the first candidate, whose first answer is open */
static const char *other_candidate, *other_session;

static const char *log_in_as(const char *email)
{
    struct reply r =
        call("POST", "/api/v1/auth/login", NULL,
             arena_printf(arena, "{\"username\": \"%s\", \"password\": \"correct horse battery\"}", email));
    assert_int_equal(r.status, 200);
    return text_of(data_of(&r), "access_token");
}

static const char *make_user(const char *email, const char *role, const char *token)
{
    const char *body =
        arena_printf(arena, "{\"email\": \"%s\", \"password\": \"correct horse battery\", \"full_name\": \"A\"%s%s%s}",
                     email, role ? ", \"role\": \"" : "", role ? role : "", role ? "\"" : "");
    assert_int_equal(call("POST", "/api/v1/auth/register", token, body).status, 201);
    return log_in_as(email);
}

static const char *join(const char *email, const char **session_id)
{
    struct reply r = call("POST", arena_printf(arena, "/api/v1/public/interviews/%s/register", link_), NULL,
                          arena_printf(arena,
                                       "{\"full_name\": \"Sam\", \"email\": \"%s\", \"consent_recording\": true, "
                                       "\"consent_ai\": true}",
                                       email));
    assert_int_equal(r.status, 201);
    *session_id = text_of(data_of(&r), "session_id");
    return text_of(data_of(&r), "session_token");
}

static const char *of_session(const char *rest)
{
    return arena_printf(arena, "/api/v1/public/sessions/%s%s", session, rest);
}

static int setup(void **state)
{
    server_open(state);
    admin = make_user("admin@example.org", NULL, NULL);
    recruiter = make_user("recruiter@example.org", "recruiter", admin);
    reviewer = make_user("reviewer@example.org", "reviewer", admin);
    struct reply r =
        call("POST", "/api/v1/interviews", recruiter,
             "{\"title\": \"T\", \"job_role\": \"R\", \"interview_type\": \"mixed\", \"difficulty\": \"mid\", "
             "\"focus_areas\": [], \"question_count\": 3, \"follow_ups\": 0}");
    assert_int_equal(r.status, 201);
    interview_id = text_of(data_of(&r), "id");
    link_ = text_of(data_of(&r), "link");
    assert_int_equal(
        call("POST", arena_printf(arena, "/api/v1/interviews/%s/questions/generate", interview_id), recruiter, "{}")
            .status,
        200);
    assert_int_equal(
        call("POST", arena_printf(arena, "/api/v1/interviews/%s/publish", interview_id), recruiter, NULL).status, 200);
    candidate = join("sam@example.org", &session);
    other_candidate = join("kim@example.org", &other_session);
    r = call("POST", of_session("/start"), candidate, NULL);
    assert_int_equal(r.status, 200);
    answer = text_of(json_at(json_get(data_of(&r), "answers"), 0), "id");
    return 0;
}

static int teardown(void **state)
{
    last_doc = json_doc_free(last_doc);
    return server_close(state);
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static void queries_are_read_strictly(void **state)
{
    (void)state;
    static const char *const bad[] = {"page=0",        "page=-1",     "page=%201",     "page=%2B1",
                                      "page=1e3",      "page=0x1",    "page=1%00",     "page=99999999999999999999",
                                      "page=--1",      "page_size=0", "page_size=101", "status=nonsense",
                                      "status=%ff%fe", "status=OPEN"};
    static const char *const tables[] = {"/api/v1/interviews", "/api/v1/sessions"};
    for (size_t t = 0; t < COUNT(tables); t++)
        for (size_t i = 0; i < COUNT(bad); i++) {
            struct reply r = call("GET", arena_printf(arena, "%s?%s", tables[t], bad[i]), recruiter, NULL);
            if (r.status != 422 && r.status != 400)
                fail_msg("%s?%s: %d", tables[t], bad[i], r.status);
        }
    static const char *const fine[] = {"page=1000000&page_size=100", "page=&page_size=", "page=007", "status="};
    for (size_t i = 0; i < COUNT(fine); i++)
        assert_int_equal(call("GET", arena_printf(arena, "/api/v1/sessions?%s", fine[i]), recruiter, NULL).status, 200);
    expect(call("GET", "/api/v1/sessions?interview_id=1", recruiter, NULL), 422, "field_format");
}

static void searches_of_any_bytes_are_searches(void **state)
{
    (void)state;
    static const char *const tries[] = {"%25", "%27%20OR%201=1%20--", "%ff%fe",   "!",
                                        "%5C", "%F0%9F%94%A8",        "%E2%80%A8"};
    for (size_t i = 0; i < COUNT(tries); i++) {
        struct reply r = call("GET", arena_printf(arena, "/api/v1/interviews?search=%s", tries[i]), recruiter, NULL);
        if (r.status == 200)
            assert_int_equal(json_get_int(data_of(&r), "total", -1), 0);
        else
            assert_in_range(r.status, 400, 422);
    }
    expect(call("GET", "/api/v1/interviews?search=%ff", recruiter, NULL), 400, "query_malformed");
    for (size_t n = 100; n <= 60000; n *= 2) { /* SQLite refuses long patterns; the server must before */
        char *endless = arena_alloc(arena, n + 1);
        memset(endless, 'a', n);
        struct reply r = call("GET", arena_printf(arena, "/api/v1/interviews?search=%s", endless), recruiter, NULL);
        if (n <= 200 ? r.status != 200 : r.status < 400 || r.status >= 500)
            fail_msg("%zu: %d %.200s", n, r.status, r.body);
    }
}

static void a_token_is_for_what_it_was_made_for(void **state)
{
    (void)state;
    const char *theirs = arena_printf(arena, "/api/v1/public/sessions/%s", other_session);
    struct id session_uuid;
    struct auth_caller user;
    const char *ticket = NULL;
    ok(auth_access(s, recruiter, &user, &err));
    assert_true(id_parse(session, &session_uuid));
    const char *media = arena_printf(arena, "/api/v1/sessions/%s/answers/%s/recordings/0/media", session, answer);
    const struct actor who = {.user_id = user.user_id, .login_id = user.login_id};
    ok(auth_media_ticket(s, who, media, arena, &ticket, &err));

    assert_int_equal(call("GET", theirs, other_candidate, NULL).status, 200);
    struct reply r = call("GET", theirs, candidate, NULL);
    assert_true(r.status == 403 || r.status == 404);
    r = call("POST", arena_printf(arena, "%s/withdraw", theirs), candidate, NULL);
    assert_true(r.status == 403 || r.status == 404);
    const char *const foreign[] = {recruiter, admin, ticket, "", "x", "null", "undefined"};
    for (size_t i = 0; i < COUNT(foreign); i++)
        assert_in_range(call("GET", of_session(""), foreign[i], NULL).status, 401, 404);
    const char *const not_staff[] = {candidate, ticket, session, "eyJhbGciOiJub25lIn0.e30."};
    for (size_t i = 0; i < COUNT(not_staff); i++)
        expect(call("GET", "/api/v1/sessions", not_staff[i], NULL), 401, "token_invalid");
    /* the ticket opens its path (there is no recording yet), no other, and an access token is no ticket */
    expect(call("GET", arena_printf(arena, "%s?ticket=%s", media, ticket), NULL, NULL), 404, "not_found");
    static const char *const variants[] = {"recordings/00/media", "recordings/1/media", "recordings/0/media/",
                                           "recordings//0/media", "recordings/%30/media"};
    for (size_t i = 0; i < COUNT(variants); i++) {
        const char *path = arena_printf(arena, "/api/v1/sessions/%s/answers/%s/%s", session, answer, variants[i]);
        r = call("GET", arena_printf(arena, "%s?ticket=%s", path, ticket), NULL, NULL);
        if (r.status != 401 && r.status != 404 && r.status != 400)
            fail_msg("%s: %d %.200s", variants[i], r.status, r.body);
    }
    expect(call("GET", arena_printf(arena, "%s?ticket=%s", media, recruiter), NULL, NULL), 401, "token_invalid");
    assert_int_equal(call("GET", media, NULL, NULL).status, 401);
}

static void roles_hold(void **state)
{
    (void)state;
    static const char body[] =
        "{\"email\": \"x@example.org\", \"password\": \"correct horse battery\", \"full_name\": \"X\", "
        "\"role\": \"admin\"}";
    expect(call("POST", "/api/v1/auth/register", recruiter, body), 403, "forbidden");
    expect(call("POST", "/api/v1/auth/register", reviewer, body), 403, "forbidden");
    expect(call("POST", "/api/v1/auth/register", NULL, body), 403, "registration_closed");
    expect(call("POST", "/api/v1/auth/register", candidate, body), 401, "token_invalid");
    struct reply r =
        call_raw("POST", "/api/v1/auth/register",
                 "Authorization: Basic YWRtaW46YWRtaW4=\r\nContent-Type: application/json\r\n", body, strlen(body));
    expect(r, 401, "token_invalid");
    r = call("GET", "/api/v1/interviews", reviewer, NULL); /* none is shared with them */
    assert_int_equal(r.status, 200);
    assert_non_null(strstr(r.body, "\"total\":0"));
    expect(call("POST", "/api/v1/interviews", reviewer, "{}"), 403, "forbidden");
    assert_int_equal(call("GET", "/api/v1/auth/me", reviewer, NULL).status, 200);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM users"), 3);
}

static void members_that_are_not_the_callers_to_set_are_refused(void **state)
{
    (void)state;
    const char *one = arena_printf(arena, "/api/v1/interviews/%s", interview_id);
    static const char *const members[] = {"status",    "owner_id",   "link",       "id",
                                          "questions", "statistics", "created_at", "candidate_url"};
    for (size_t i = 0; i < COUNT(members); i++) {
        struct reply r = call("PATCH", one, recruiter, arena_printf(arena, "{\"%s\": \"x\"}", members[i]));
        expect(r, 422, "field_unknown");
        assert_string_equal(r.field, members[i]);
    }
    expect(call("PATCH", one, recruiter, "{\"title\": null}"), 422, "field_type");
    expect(call("PATCH", one, recruiter, "{}"), 422, "field_required");
    expect(call("PATCH", one, recruiter, "[]"), 400, "json_malformed");
    expect(call("PATCH", one, recruiter, "{\"title\": \"a\", \"title\": \"b\"}"), 400, "json_malformed");
    struct reply r =
        call("POST", arena_printf(arena, "/api/v1/public/interviews/%s/register", link_), NULL,
             "{\"full_name\": \"S\", \"email\": \"z@example.org\", \"consent_recording\": true, \"consent_ai\": true, "
             "\"session_id\": \"x\"}");
    expect(r, 422, "field_unknown");
}

static void ids_of_any_shape_are_not_found(void **state)
{
    (void)state;
    static const char *const ids[] = {"1",
                                      "%2e%2e",
                                      "..%2f..%2fetc",
                                      "018f0000-0000-7000-8000-00000000000",
                                      "%27",
                                      "null",
                                      "018f0000-0000-7000-8000-0000000000011",
                                      "{id}",
                                      "%00",
                                      "018f0000000070008000000000000001"};
    for (size_t i = 0; i < COUNT(ids); i++) {
        struct reply r = call("GET", arena_printf(arena, "/api/v1/interviews/%s", ids[i]), recruiter, NULL);
        assert_true(r.status == 404 || r.status == 400);
        r = call("DELETE", arena_printf(arena, "/api/v1/sessions/%s", ids[i]), recruiter, NULL);
        assert_true(r.status == 404 || r.status == 400);
        r = call("GET", arena_printf(arena, "/api/v1/public/interviews/%s", ids[i]), NULL, NULL);
        assert_true(r.status == 404 || r.status == 400);
    }
}

static struct reply put_chunk(const char *where, const char *data, size_t n, const char *hash)
{
    return call_raw("PUT", of_session(arena_printf(arena, "/answers/%s/segments/%s", answer, where)),
                    arena_printf(arena, "Authorization: Bearer %s\r\nContent-Type: application/octet-stream\r\n%s%s%s",
                                 candidate, hash ? "X-Chunk-SHA256: " : "", hash ? hash : "", hash ? "\r\n" : ""),
                    data, n);
}

static const char *hash_of(const char *data, size_t n)
{
    uint8_t digest[SHA256_SIZE];
    char *hex = arena_alloc(arena, SHA256_HEX_SIZE);
    sha256_bytes(data, n, digest);
    sha256_hex(digest, hex);
    return hex;
}

static void numbers_in_paths_are_small_and_whole(void **state)
{
    (void)state;
    static const char *const bad[] = {"-1",  "1000", "0x0", "1.5", "", "abc", "99999999999999999999",
                                      "%20", "+1",   "1e1"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        const char *path = of_session(arena_printf(arena, "/answers/%s/segments/%s", answer, bad[i]));
        struct reply r = call("PUT", arena_printf(arena, "%s?media_type=video/webm", path), candidate, NULL);
        assert_in_range(r.status, 400, 422);
        r = put_chunk(arena_printf(arena, "0/chunks/%s", !strcmp(bad[i], "1000") ? "1000001" : bad[i]), "x", 1,
                      hash_of("x", 1));
        assert_in_range(r.status, 400, 422);
    }
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM recording_segments"), 0);
    static const char *const queries[] = {"media_type=video/webm&offset_ms=-1",
                                          "media_type=video/webm&offset_ms=86400001",
                                          "media_type=video/webm&offset_ms=x",
                                          "media_type=video/webm&lead_ms=-1",
                                          "media_type=video/webm&lead_ms=60001",
                                          "offset_ms=0",
                                          "media_type=text/html",
                                          "media_type=video/webm%0d%0aX-Evil:1",
                                          "media_type=%00"};
    for (size_t i = 0; i < COUNT(queries); i++) {
        struct reply r = call("PUT", of_session(arena_printf(arena, "/answers/%s/segments/0?%s", answer, queries[i])),
                              candidate, NULL);
        if (i == 7 && r.status == 200) { /* taken by its begin: what is kept of it is ours */
            assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM recording_segments WHERE media_type <> 'video/webm'"),
                             0);
            continue;
        }
        assert_in_range(r.status, 400, 422);
    }
}

static void uploads_are_checked_before_they_count(void **state)
{
    (void)state;
    const char *segment = of_session(arena_printf(arena, "/answers/%s/segments/0", answer));
    assert_int_equal(call("PUT", arena_printf(arena, "%s?media_type=video/webm", segment), candidate, NULL).status,
                     200);
    expect(put_chunk("0/chunks/0", "hello", 5, NULL), 422, "chunk_hash");
    expect(put_chunk("0/chunks/0", "hello", 5, hash_of("other", 5)), 422, "chunk_hash");
    expect(put_chunk("0/chunks/0", "", 0, hash_of("", 0)), 422, "chunk_empty");
    expect(put_chunk("0/chunks/1", "hello", 5, hash_of("hello", 5)), 409, "chunk_gap");
    expect(put_chunk("1/chunks/0", "hello", 5, hash_of("hello", 5)), 404, "not_found");
    size_t big = (4u << 20) + 1;
    char *endless = arena_alloc(arena, big);
    assert_int_equal(put_chunk("0/chunks/0", endless, big, hash_of(endless, big)).status, 413);
    assert_int_equal(put_chunk("0/chunks/0", endless, big - 1, hash_of(endless, big - 1)).status, 200);
    struct reply r = call("POST", arena_printf(arena, "%s/finish", segment), candidate, "{\"chunks\": 7}");
    expect(r, 409, "chunk_gap");
    assert_int_equal(json_get_int(json_get(json_get(json_root(r.doc), "error"), "details"), "expected", -1), 1);
    expect(call("POST", arena_printf(arena, "%s/finish", segment), candidate, "{\"chunks\": -1}"), 422, "field_range");
    expect(call("POST", arena_printf(arena, "%s/finish", segment), candidate, "{\"chunks\": 1.5}"), 422, "field_type");
    assert_int_equal(call("POST", arena_printf(arena, "%s/finish", segment), candidate, "{\"chunks\": 1}").status, 200);
}

static void texts_of_any_kind_are_kept_or_refused(void **state)
{
    (void)state;
    const char *url = of_session(arena_printf(arena, "/answers/%s/text", answer));
    char *endless = arena_alloc(arena, 20010);
    memset(endless, 'x', 20001);
    expect(call("POST", url, candidate, "{\"text\": \"\"}"), 422, "field_length");
    expect(call("POST", url, candidate, "{\"text\": \"   \\n \"}"), 422, "field_length");
    expect(call("POST", url, candidate, arena_printf(arena, "{\"text\": \"%s\"}", endless)), 422, "field_length");
    expect(call("POST", url, candidate, "{\"text\": \"a\\u0000b\"}"), 422, "field_format");
    expect(call("POST", url, candidate, "{\"text\": \"\\ud800\"}"), 400, "json_malformed");
    expect(call("POST", url, candidate, "{\"text\": \"\xff\"}"), 400, "json_malformed");
    expect(call("POST", url, candidate, "{\"text\": 5}"), 422, "field_type");
    expect(call("POST", url, candidate, "text"), 400, "json_malformed");
    expect(call_raw("POST", url,
                    arena_printf(arena, "Authorization: Bearer %s\r\nContent-Type: text/plain\r\n", candidate), "{}",
                    2),
           415, "media_unsupported");
    expect(call("POST", of_session(arena_printf(arena, "/answers/%s/text", session)), candidate, "{\"text\": \"x\"}"),
           404, "not_found");
    struct reply r = call("POST", url, candidate,
                          "{\"text\": \"<script>alert(1)</script> '; DROP TABLE users; -- \\ud83d\\udd28\"}");
    assert_int_equal(r.status, 200);
    assert_string_equal(text_of(json_at(json_get(data_of(&r), "answers"), 0), "text"),
                        "<script>alert(1)</script> '; DROP TABLE users; -- \xf0\x9f\x94\xa8");
    expect(call("POST", url, candidate, "{\"text\": \"again\"}"), 409, "answer_ended");
}

static void a_withdrawn_session_takes_nothing(void **state)
{
    (void)state;
    const char *segment = of_session(arena_printf(arena, "/answers/%s/segments/0", answer));
    assert_int_equal(call("PUT", arena_printf(arena, "%s?media_type=video/webm", segment), candidate, NULL).status,
                     200);
    assert_int_equal(put_chunk("0/chunks/0", "hello", 5, hash_of("hello", 5)).status, 200);
    assert_int_equal(call("POST", of_session("/withdraw"), candidate, NULL).status, 200);
    expect(put_chunk("0/chunks/1", "hello", 5, hash_of("hello", 5)), 410, "session_over");
    expect(call("POST", of_session(arena_printf(arena, "/answers/%s/text", answer)), candidate, "{\"text\": \"x\"}"),
           410, "session_over");
    expect(call("POST", of_session("/start"), candidate, NULL), 410, "session_over");
    struct reply r = call("GET", of_session(""), candidate, NULL);
    assert_string_equal(text_of(data_of(&r), "status"), "withdrawn");
    struct id id;
    assert_true(id_parse(session, &id));
    assert_false(session_has_files(id));
}

static void nothing_of_the_inside_is_told(void **state)
{
    (void)state;
    struct reply r = call("GET", arena_printf(arena, "/api/v1/public/interviews/%s", link_), NULL, NULL);
    static const char *const inside[] = {"points",     "owner",           "candidate_url", "\"link\"",
                                         "statistics", "job_description", "@example.org"};
    for (size_t i = 0; i < COUNT(inside); i++)
        assert_null(strstr(r.body, inside[i]));
    r = call("GET", of_session(""), candidate, NULL);
    for (size_t i = 0; i < COUNT(inside); i++)
        assert_null(strstr(r.body, inside[i]));
    r = call("GET", "/api/v1/auth/me", recruiter, NULL);
    assert_null(strstr(r.body, "password"));
    assert_null(strstr(r.body, "argon2"));
    r = call("GET", "/readyz", NULL, NULL);
    assert_int_equal(r.status, 503);
    assert_false(json_get_bool(json_root(r.doc), "ready", true));
    assert_null(strstr(r.body, "/viva-test"));
    assert_int_equal(call("GET", "/healthz", NULL, NULL).status, 200);
    expect(call("POST", "/api/v1/ai/tts", recruiter, "{\"text\": \"hello\"}"), 503, "engine_missing");
    assert_int_equal(call("GET", "/api/v1/ai/health", reviewer, NULL).status, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(queries_are_read_strictly),
        TEST(searches_of_any_bytes_are_searches),
        TEST(a_token_is_for_what_it_was_made_for),
        TEST(roles_hold),
        TEST(members_that_are_not_the_callers_to_set_are_refused),
        TEST(ids_of_any_shape_are_not_found),
        TEST(numbers_in_paths_are_small_and_whole),
        TEST(uploads_are_checked_before_they_count),
        TEST(texts_of_any_kind_are_kept_or_refused),
        TEST(a_withdrawn_session_takes_nothing),
        TEST(nothing_of_the_inside_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
